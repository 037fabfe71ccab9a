package dev.birgus.infra.registry;

import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.ImageIndex;
import dev.birgus.infra.oci.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which manifest of an index serves a platform, by containerd's rules: the platform itself, or the
 * nearest older variant the processor can run too.
 */
final class PlatformChoice {

  private PlatformChoice() {}

  /** The manifest, or nested index, that serves the platform best. */
  static Optional<Descriptor> choose(ImageIndex index, Platform platform) {
    var images = images(index);
    for (var acceptable : acceptable(platform)) {
      for (var image : images) {
        if (normalised(image).filter(acceptable::equals).isPresent()) {
          return Optional.of(image);
        }
      }
    }
    return images.stream().filter(image -> image.platform().isEmpty()).findFirst();
  }

  /** The platforms an index has images for, each once, as they are written on command lines. */
  static List<String> offered(ImageIndex index) {
    return images(index).stream()
        .flatMap(image -> image.platform().stream())
        .map(Platform::toString)
        .distinct()
        .toList();
  }

  /** Whether an image made for one platform is one of those we would choose for another. */
  static boolean serves(Platform image, Platform wanted) {
    return acceptable(wanted).contains(normalised(image));
  }

  /** Everything but attestations, which stand in the index as images of no platform. */
  private static List<Descriptor> images(ImageIndex index) {
    return index.manifests().stream()
        .filter(each -> each.mediaType().isManifest() || each.mediaType().isIndex())
        .filter(each -> !each.annotations().containsKey("vnd.docker.reference.type"))
        .filter(each -> each.platform().filter(p -> p.os().equals("unknown")).isEmpty())
        .toList();
  }

  private static Optional<Platform> normalised(Descriptor image) {
    try {
      return image.platform().map(PlatformChoice::normalised);
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static Platform normalised(Platform platform) {
    return Platform.parse(platform.toString());
  }

  private static List<Platform> acceptable(Platform wanted) {
    var platform = normalised(wanted);
    var result = new ArrayList<Platform>();
    result.add(platform);
    switch (platform.architecture()) {
      case "amd64" -> {
        older(result, platform, "amd64", 1);
        result.add(Platform.of(platform.os(), "386"));
      }
      case "arm" -> older(result, platform, "arm", 5);
      case "arm64" -> {
        result.add(Platform.of(platform.os(), "arm64"));
        result.add(variant(platform.os(), "arm", 8));
        older(result, variant(platform.os(), "arm", 8), "arm", 5);
      }
      default -> {
        // Every other architecture is only itself.
      }
    }
    return result;
  }

  private static void older(
      List<Platform> result, Platform platform, String architecture, int oldest) {
    var number = platform.variant().filter(v -> v.matches("v[0-9]")).map(v -> v.charAt(1) - '0');
    for (var n = number.orElse(0) - 1; n >= oldest; n--) {
      result.add(variant(platform.os(), architecture, n));
    }
  }

  private static Platform variant(String os, String architecture, int number) {
    return Platform.parse(os + "/" + architecture + "/v" + number);
  }
}
