package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.BuildRequest.NamedContext;
import dev.birgus.infra.contracts.Grants.Entitlement;
import dev.birgus.infra.contracts.Grants.SecretSource;
import dev.birgus.infra.oci.Platform;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What builds may ask for here that somebody else has made. Whatever names a place on the machine
 * of whoever asks is refused: here it would be a place on a node.
 *
 * @param secretFiles whether nodes have a folder of secrets, in which builds may name files
 * @param secretVariables names of variables of the nodes that builds may have as secrets
 * @param entitlements that builds may be given
 * @param timeLimit how long a build may take, also one that does not say
 * @param pools of builds that name none, by the platform they are for
 */
public record AdmissionRules(
    boolean secretFiles,
    Set<String> secretVariables,
    Set<Entitlement> entitlements,
    Duration timeLimit,
    Map<Platform, String> pools) {

  public AdmissionRules {
    secretVariables = Set.copyOf(secretVariables);
    entitlements = Set.copyOf(entitlements);
    requireNonNull(timeLimit, "timeLimit");
    pools = Map.copyOf(pools);
  }

  /** Rules by which builds that name no pool all belong to the usual one. */
  public AdmissionRules(
      boolean secretFiles,
      Set<String> secretVariables,
      Set<Entitlement> entitlements,
      Duration timeLimit) {
    this(secretFiles, secretVariables, entitlements, timeLimit, Map.of());
  }

  /**
   * The request as it is let in: with a time limit and a pool. Letting it in once more changes
   * nothing.
   *
   * @throws FailureException naming what is not taken
   */
  public BuildRequest admit(BuildRequest request) {
    context(request.context());
    request.namedContexts().forEach(AdmissionRules::named);
    request.deliveries().forEach(AdmissionRules::delivery);
    grants(request.options().grants());
    var asked = request.scheduling();
    var time = asked.timeLimit().orElse(timeLimit);
    if (time.compareTo(timeLimit) > 0) {
      throw refused(
          "not-allowed",
          "builds of this server may take "
              + timeLimit.toMinutes()
              + " minutes at most, and not "
              + time.toMinutes(),
          "The server's setting build.time-limit says how long.");
    }
    return request.with(
        new Scheduling(
            asked.tenant(),
            asked.priority(),
            asked.line(),
            Optional.of(time),
            pool(request),
            asked.shared()));
  }

  private String pool(BuildRequest request) {
    var asked = request.scheduling().pool();
    if (!asked.equals(Scheduling.DEFAULT_POOL)) {
      return asked;
    }
    var platform = request.platform();
    var family = Platform.of(platform.os(), platform.architecture());
    return pools.getOrDefault(platform, pools.getOrDefault(family, asked));
  }

  private static void context(ContextRef context) {
    if (context.blob().isEmpty()) {
      throw refused(
          "context-not-uploaded",
          "the build context " + context.id() + " is not a blob",
          "Upload it, and name it by its digest.");
    }
  }

  private static void named(String name, NamedContext meaning) {
    switch (meaning) {
      case NamedContext.Files(var context) -> context(context);
      case NamedContext.Nothing() -> {}
      case NamedContext.Image(var source) -> image(name, source);
    }
  }

  private static void image(String name, ImageSource source) {
    switch (source) {
      case ImageSource.FromRegistry _ -> {}
      case ImageSource.FromLayout _, ImageSource.FromRootfsArchive _ ->
          throw refused(
              "local-image",
              "the build context " + name + " is an image in a file or a folder",
              "Push the image to a registry, and name it with docker-image://.");
    }
  }

  private static void delivery(Delivery delivery) {
    switch (delivery) {
      case Delivery.ToRegistry _ -> {}
      case Delivery.ToTar _, Delivery.ToLayout _, Delivery.ToDigestFile _ ->
          throw refused(
              "local-output",
              "a server delivers images to registries, and not to files",
              "Name a registry with --destination.");
    }
  }

  private void grants(Grants grants) {
    grants.secrets().forEach(this::secret);
    if (!grants.agents().isEmpty()) {
      throw refused(
          "no-agents",
          "builds of a server have no SSH agents",
          "Leave --ssh out; give a key as a secret.");
    }
    for (var entitlement : grants.entitlements()) {
      if (!entitlements.contains(entitlement)) {
        throw refused(
            "not-allowed",
            "builds of this server may not have " + entitlement,
            "The server's setting allow says what they may have.");
      }
    }
  }

  private void secret(String id, SecretSource source) {
    switch (source) {
      case SecretSource.InEnvironment(var variable) -> {
        if (!secretVariables.contains(variable)) {
          throw refused(
              "secret-not-allowed",
              "builds of this server may not have the variable "
                  + variable
                  + " as the secret "
                  + id,
              "The value comes from the node's environment: the server's setting"
                  + " secrets.variables says which variables it gives away.");
        }
      }
      case SecretSource.InFile(var path) -> {
        if (!secretFiles || !isPlainName(path)) {
          throw refused(
              "secret-not-allowed",
              "builds of this server may not have the file " + path + " as the secret " + id,
              "The file is taken from the node's folder of secrets, the server's setting"
                  + " secrets.dir: give its path in there, without .. or a leading slash.");
        }
      }
    }
  }

  private static boolean isPlainName(String path) {
    return !path.isEmpty()
        && !path.startsWith("/")
        && List.of(path.split("/", -1)).stream()
            .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
  }

  private static FailureException refused(String name, String message, String advice) {
    return Failure.of(name, message, advice).toException();
  }
}
