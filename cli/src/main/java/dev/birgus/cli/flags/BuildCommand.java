package dev.birgus.cli.flags;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.run.Rung;
import dev.birgus.executor.stage.RootStorage;
import dev.birgus.infra.contracts.Grants.AgentSource;
import dev.birgus.infra.contracts.Grants.Entitlement;
import dev.birgus.infra.contracts.Grants.SecretSource;
import dev.birgus.infra.contracts.ImageFormat;
import dev.birgus.infra.contracts.LayerCompression;
import dev.birgus.infra.contracts.StepLimits;
import dev.birgus.infra.credentials.BuiltInSource;
import dev.birgus.infra.oci.ImageReference;
import dev.birgus.infra.oci.Platform;
import dev.birgus.infra.registry.PullRoutes;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * All settings of one build, typed and checked, with nothing left to look up in a command line or
 * an environment. Paths are as they were written: relative ones belong to the working directory.
 *
 * @param access what the commands of the Dockerfile may use
 * @param steps how they are run
 * @param stateDirectory where base images and work files are kept
 * @param stateLimit how many bytes of it may be left when the build ends; empty if nobody said
 * @param storage how the root file systems of stages are kept
 * @param warnings what should be said before the build begins
 */
public record BuildCommand(
    Source source,
    Image image,
    Output output,
    RegistryAccess registries,
    Display display,
    Access access,
    Steps steps,
    String stateDirectory,
    OptionalLong stateLimit,
    RootStorage storage,
    List<String> warnings) {

  public BuildCommand {
    requireNonNull(source, "source");
    requireNonNull(image, "image");
    requireNonNull(output, "output");
    requireNonNull(registries, "registries");
    requireNonNull(display, "display");
    requireNonNull(access, "access");
    requireNonNull(steps, "steps");
    requireNonNull(stateDirectory, "stateDirectory");
    requireNonNull(stateLimit, "stateLimit");
    requireNonNull(storage, "storage");
    warnings = List.copyOf(warnings);
  }

  /**
   * What is built.
   *
   * @param dockerfile a path, tried in the working directory first and in the context second
   * @param context a directory, or a place with a scheme
   * @param contextSubPath directory inside the context; empty for its root
   * @param namedContexts what names in FROM and --from stand for, as written
   * @param arguments values for ARG, in the order given; taken from the environment already
   * @param targets names of stages, the image being that of the first; empty for the last stage
   * @param uncached names of stages no cache may be used for
   */
  public record Source(
      String dockerfile,
      String context,
      String contextSubPath,
      Map<String, String> namedContexts,
      Map<String, String> arguments,
      List<String> targets,
      List<String> uncached,
      Platform platform) {
    public Source {
      requireNonNull(dockerfile, "dockerfile");
      requireNonNull(context, "context");
      requireNonNull(contextSubPath, "contextSubPath");
      namedContexts = ordered(namedContexts);
      arguments = ordered(arguments);
      targets = List.copyOf(targets);
      uncached = List.copyOf(uncached);
      requireNonNull(platform, "platform");
    }
  }

  /**
   * What the image is like.
   *
   * @param timestamp the time of everything new; empty for the time of the build
   * @param compression how new layers are compressed
   * @param reproducible whether the same input must give the same image
   * @param dockerfileLabelsWin whether LABEL wins over a label given with a flag, as in kaniko
   * @param ignoredPaths patterns of paths that are left out of layers
   * @param format of the manifest; empty for that of the base image
   */
  public record Image(
      Map<String, String> labels,
      Map<String, String> annotations,
      Optional<Instant> timestamp,
      LayerCompression compression,
      boolean singleLayer,
      boolean reproducible,
      boolean dockerfileLabelsWin,
      List<String> ignoredPaths,
      Optional<ImageFormat> format) {
    public Image {
      labels = ordered(labels);
      annotations = ordered(annotations);
      requireNonNull(timestamp, "timestamp");
      requireNonNull(compression, "compression");
      ignoredPaths = List.copyOf(ignoredPaths);
      requireNonNull(format, "format");
    }
  }

  /**
   * Where the image goes.
   *
   * @param push whether it is pushed to the destinations
   * @param destinations in the order given; known even when nothing is pushed, because archives
   *     carry their names
   * @param builderOutput directory for Cloud Build's file of images
   * @param pushEarly whether layers are sent while later steps still run
   */
  public record Output(
      boolean push,
      List<Destination> destinations,
      Optional<String> tarPath,
      Optional<String> layoutPath,
      Optional<String> digestFile,
      Optional<String> nameDigestFile,
      Optional<String> nameTagDigestFile,
      Optional<String> builderOutput,
      boolean checkPush,
      boolean ignoreImmutableTags,
      boolean pushEarly) {
    public Output {
      destinations = List.copyOf(destinations);
      requireNonNull(tarPath, "tarPath");
      requireNonNull(layoutPath, "layoutPath");
      requireNonNull(digestFile, "digestFile");
      requireNonNull(nameDigestFile, "nameDigestFile");
      requireNonNull(nameTagDigestFile, "nameTagDigestFile");
      requireNonNull(builderOutput, "builderOutput");
    }
  }

  /**
   * A name the image is pushed to.
   *
   * @param written as the user wrote it
   */
  public record Destination(ImageReference reference, String written) {
    public Destination {
      requireNonNull(reference, "reference");
      requireNonNull(written, "written");
    }
  }

  /**
   * How registries are spoken to. Hosts are as in an image reference.
   *
   * @param certificates path of the certificate authority by host
   * @param pushRetries further attempts of a push, 0 or more
   * @param pullRetries further attempts of a pull, 0 or more
   * @param clientType what is added to the User-Agent; empty for nothing
   * @param routes which registries are pulled from in the place of others
   * @param credentialSources the built-in sources of credentials, the first one asked first
   * @param kanikoDirectory where kaniko's image keeps {@code .docker/config.json}; empty for
   *     nowhere but the usual place
   */
  public record RegistryAccess(
      boolean insecurePush,
      boolean insecurePull,
      List<String> insecureRegistries,
      boolean skipTlsVerify,
      boolean skipTlsVerifyPull,
      List<String> skipTlsVerifyRegistries,
      Map<String, String> certificates,
      Map<String, ClientCertificate> clientCertificates,
      int pushRetries,
      int pullRetries,
      String clientType,
      PullRoutes routes,
      List<BuiltInSource> credentialSources,
      Optional<String> kanikoDirectory) {
    public RegistryAccess {
      insecureRegistries = List.copyOf(insecureRegistries);
      skipTlsVerifyRegistries = List.copyOf(skipTlsVerifyRegistries);
      certificates = ordered(certificates);
      clientCertificates = ordered(clientCertificates);
      requireNonNull(clientType, "clientType");
      requireNonNull(routes, "routes");
      credentialSources = List.copyOf(credentialSources);
      requireNonNull(kanikoDirectory, "kanikoDirectory");
      if (pushRetries < 0 || pullRetries < 0) {
        throw new IllegalArgumentException("a number of retries is 0 or more");
      }
    }
  }

  /**
   * What the commands of the Dockerfile may use beyond its files: references, never values.
   *
   * @param secrets by their ids; paths as written
   * @param agents SSH agents by their ids; paths as written
   */
  public record Access(
      Map<String, SecretSource> secrets,
      Map<String, AgentSource> agents,
      Set<Entitlement> entitlements) {
    public Access {
      secrets = ordered(secrets);
      agents = ordered(agents);
      entitlements = Set.copyOf(entitlements);
    }
  }

  /**
   * How commands are run.
   *
   * @param isolation the one rung they are run on; empty for the highest that works
   * @param forced whether the machine's own root may be emptied, if that rung does so
   * @param limits what each of them may use
   */
  public record Steps(Optional<Rung> isolation, StepLimits limits, boolean forced) {
    public Steps {
      requireNonNull(isolation, "isolation");
      requireNonNull(limits, "limits");
    }

    /** Commands that may not have the machine's own root. */
    public Steps(Optional<Rung> isolation, StepLimits limits) {
      this(isolation, limits, false);
    }
  }

  /** Paths of the certificate and the key we show to a registry. */
  public record ClientCertificate(String certificate, String key) {
    public ClientCertificate {
      requireNonNull(certificate, "certificate");
      requireNonNull(key, "key");
    }
  }

  private static <V> Map<String, V> ordered(Map<String, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
