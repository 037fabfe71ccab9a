package dev.birgus.ingest.api;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.BuildRequest;
import dev.birgus.infra.contracts.BuildRequest.NamedContext;
import dev.birgus.infra.contracts.ContextRef;
import dev.birgus.infra.contracts.Delivery;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Grants;
import dev.birgus.infra.contracts.Grants.SecretSource;
import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.Scheduling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lets a request in that somebody else has made, or says why not. Whatever names a place on the
 * machine of whoever asks is refused: here it would be a place on a node.
 */
final class Admission {

  private final AdmissionRules rules;

  Admission(AdmissionRules rules) {
    this.rules = requireNonNull(rules, "rules");
  }

  /**
   * The request as it is published.
   *
   * @param tenant of the token it came with; empty to take the one of the request
   * @throws FailureException naming what is not taken
   */
  BuildRequest admit(BuildRequest request, String tenant) {
    context(request.context());
    request.namedContexts().forEach(Admission::named);
    request.deliveries().forEach(Admission::delivery);
    grants(request.options().grants());
    var asked = request.scheduling();
    var time = asked.timeLimit().orElse(rules.timeLimit());
    if (time.compareTo(rules.timeLimit()) > 0) {
      throw refused(
          "not-allowed",
          "builds of this server may take "
              + rules.timeLimit().toMinutes()
              + " minutes at most, and not "
              + time.toMinutes(),
          "The server's setting build.time-limit says how long.");
    }
    return request.with(
        new Scheduling(
            tenant.isEmpty() ? asked.tenant() : tenant,
            asked.priority(),
            asked.line(),
            Optional.of(time),
            asked.pool(),
            asked.shared()));
  }

  /** The contexts of a request, all of which are blobs. */
  static List<ContextRef> contexts(BuildRequest request) {
    var contexts = new ArrayList<ContextRef>();
    contexts.add(request.context());
    for (var named : request.namedContexts().values()) {
      if (named instanceof NamedContext.Files(var context)) {
        contexts.add(context);
      }
    }
    return List.copyOf(contexts);
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
      if (!rules.entitlements().contains(entitlement)) {
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
        if (!rules.secretVariables().contains(variable)) {
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
        if (!rules.secretFiles() || !isPlainName(path)) {
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
