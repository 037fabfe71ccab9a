package dev.birgus.infra.registry;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.oci.ImageReference;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which registries are asked for base images in the place of others.
 *
 * @param targets by the registry an image names, the places to ask in order: a host and port, and
 *     optionally the path that goes before the repository there
 * @param fallback whether the registry that was named is asked when none of its targets has the
 *     image
 */
public record PullRoutes(Map<String, List<Target>> targets, boolean fallback) {

  /** Every registry is asked itself. */
  public static final PullRoutes DIRECT = new PullRoutes(Map.of(), true);

  public PullRoutes {
    var copy = new LinkedHashMap<String, List<Target>>();
    targets.forEach((registry, places) -> copy.put(registry, List.copyOf(places)));
    targets = Collections.unmodifiableMap(copy);
  }

  /**
   * A place.
   *
   * @param registry host and optional port
   * @param prefix path before the repository, without slashes around it; empty for none
   */
  public record Target(String registry, String prefix) {
    public Target {
      requireNonNull(registry, "registry");
      requireNonNull(prefix, "prefix");
    }

    /**
     * Reads {@code HOST[:PORT][/PREFIX]}.
     *
     * @throws IllegalArgumentException if that is no place in a registry
     */
    public static Target parse(String text) {
      var trimmed = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
      var slash = trimmed.indexOf('/');
      var host = slash < 0 ? trimmed : trimmed.substring(0, slash);
      var prefix = slash < 0 ? "" : trimmed.substring(slash + 1);
      var example = host + "/" + (prefix.isEmpty() ? "" : prefix + "/") + "a/b";
      // A host without dot and port is one all the same here: it stands where nothing else can.
      var qualified = ImageReference.parse(host.contains(".") ? example : withPort(example, host));
      return new Target(canonical(host, qualified), prefix);
    }

    private static String withPort(String example, String host) {
      return host.contains(":") || host.isEmpty()
          ? example
          : host + ":1" + example.substring(host.length());
    }

    private static String canonical(String host, ImageReference qualified) {
      return qualified.registry().equals(ImageReference.DOCKER_HUB)
          ? ImageReference.DOCKER_HUB
          : host;
    }

    private ImageReference of(ImageReference image) {
      var repository = prefix.isEmpty() ? image.repository() : prefix + "/" + image.repository();
      return new ImageReference(registry, repository, image.tag(), image.digest());
    }
  }

  /** Where to ask for an image before the registry it names; empty if only that is asked. */
  List<ImageReference> mapped(ImageReference image) {
    return targets.getOrDefault(image.registry(), List.of()).stream()
        .map(target -> target.of(image))
        .toList();
  }
}
