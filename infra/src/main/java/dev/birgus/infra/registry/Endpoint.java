package dev.birgus.infra.registry;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.oci.ImageReference;
import java.util.List;
import java.util.Locale;

/**
 * How one registry is reached in one direction.
 *
 * @param registry as an image reference names it
 * @param schemes to be tried, in this order
 * @param verified whether its certificate must be one we believe
 */
record Endpoint(String registry, List<String> schemes, boolean verified) {

  /** Which way blobs go: some options are for one way only. */
  enum Direction {
    PUSH,
    PULL
  }

  Endpoint {
    requireNonNull(registry, "registry");
    schemes = List.copyOf(schemes);
  }

  static Endpoint of(String registry, Direction direction, RegistrySettings settings) {
    var plain = settings.plainHttp();
    var trust = settings.trust();
    var pull = direction == Direction.PULL;
    var plainAllowed =
        (pull ? plain.pull() : plain.push()) || plain.registries().contains(registry);
    var verified =
        !trust.skipVerify()
            && !(pull && trust.skipVerifyPull())
            && !trust.skipVerifyRegistries().contains(registry);
    return new Endpoint(registry, schemes(registry, plainAllowed, trust), verified);
  }

  private static List<String> schemes(
      String registry, boolean plainAllowed, RegistrySettings.Trust trust) {
    // A local registry hardly ever has a certificate, so the plain way comes first; where plain
    // http is only allowed, TLS does, so that a password goes over it if it can.
    if (isLocal(registry) && !trust.authorities().containsKey(registry)) {
      return List.of("http", "https");
    }
    return plainAllowed ? List.of("https", "http") : List.of("https");
  }

  /** Host and port that serve the registry. */
  String authority() {
    return registry.equals(ImageReference.DOCKER_HUB) ? "registry-1.docker.io" : registry;
  }

  boolean plainAllowed() {
    return schemes.contains("http");
  }

  static boolean isLocal(String registry) {
    var text = registry.toLowerCase(Locale.ROOT);
    var colon = text.lastIndexOf(':');
    var host = colon > text.lastIndexOf(']') ? text.substring(0, colon) : text;
    return host.equals("localhost")
        || host.endsWith(".localhost")
        || host.endsWith(".local")
        || host.equals("[::1]")
        || host.matches("127(\\.\\d{1,3}){3}");
  }
}
