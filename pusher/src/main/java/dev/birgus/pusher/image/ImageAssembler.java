package dev.birgus.pusher.image;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.ImageSpec;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.oci.Compression;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.ImageConfig;
import dev.birgus.infra.oci.Manifest;
import dev.birgus.infra.oci.MediaType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * Writes the configuration and the manifest of an image.
 *
 * <p>The manifest is of the format asked for, or else of the base image's family, Docker's schema 2
 * for scratch; then a zstd layer makes it an OCI one, as Docker's family has no name for it.
 * Annotations are those asked for: the base image's describe the base image and are not taken over.
 */
public final class ImageAssembler {

  /** What Docker wrote about the container or the commit an image came from. */
  private static final Set<String> OF_ANOTHER_IMAGE =
      Set.of(
          "comment",
          "container",
          "container_config",
          "docker_version",
          "id",
          "layer_id",
          "moby.buildkit.buildinfo.v1",
          "moby.buildkit.cache.v0",
          "parent",
          "parent_id",
          "throwaway");

  private static final List<String> ORDER =
      List.of(
          "created",
          "author",
          "architecture",
          "variant",
          "os",
          "os.version",
          "os.features",
          "config",
          "rootfs",
          "history");

  private ImageAssembler() {}

  /**
   * The image of this specification.
   *
   * @param now the time it says it was made if the specification does not tell
   * @throws IllegalArgumentException if history and layers do not fit each other
   * @throws dev.birgus.infra.contracts.FailureException if a layer is of a type we cannot deliver,
   *     at all or in the format asked for
   */
  public static FinishedImage assemble(ImageSpec spec, Instant now) {
    var docker = isDocker(spec);
    var layers = spec.result().layers().stream().map(layer -> typed(layer, docker)).toList();
    var config =
        new Document(
            docker ? MediaType.DOCKER_CONFIG : MediaType.OCI_CONFIG,
            config(spec, spec.created().orElse(now)).toBytes());
    var manifest =
        new Manifest(
            docker ? MediaType.DOCKER_MANIFEST : MediaType.OCI_MANIFEST,
            config.descriptor(),
            layers.stream().map(Layer::blob).toList(),
            annotations(spec));
    return new FinishedImage(
        new Document(manifest.mediaType(), manifest.toBytes()), config, layers);
  }

  private static boolean isDocker(ImageSpec spec) {
    var zstd =
        spec.result().layers().stream()
            .map(Layer::blob)
            .filter(blob -> blob.mediaType().compression() == Compression.ZSTD)
            .findFirst();
    return switch (spec.format().orElse(null)) {
      case OCI -> false;
      case DOCKER -> {
        if (zstd.isPresent()) {
          throw notDockers(zstd.get());
        }
        yield true;
      }
      case null -> zstd.isEmpty() && spec.baseManifest().map(MediaType::isDocker).orElse(true);
    };
  }

  private static FailureException notDockers(Descriptor layer) {
    return Failure.of(
            "layer-type-not-supported",
            "layer "
                + layer.digest()
                + " is compressed with zstd, which Docker's image format has no name for",
            "Use --image-format=oci, or a base image whose layers are compressed with gzip.")
        .toException();
  }

  private static Layer typed(Layer layer, boolean docker) {
    var type = LayerTypes.in(docker, layer.blob());
    return new Layer(layer.blob().withMediaType(type), layer.diffId(), layer.source());
  }

  private static Json.Obj annotations(ImageSpec spec) {
    if (spec.annotations().isEmpty()) {
      return Json.Obj.EMPTY;
    }
    // The map that arrives has no order of its own, and the bytes must not depend on it.
    return Json.Obj.EMPTY.with("annotations", Json.ofStrings(new TreeMap<>(spec.annotations())));
  }

  private static ImageConfig config(ImageSpec spec, Instant created) {
    var diffIds = spec.result().layers().stream().map(Layer::diffId).toList();
    var history = History.fitting(spec.result());
    var json = spec.config().finished(diffIds, history, created.toString()).json();
    if (json.get("config").isEmpty()) {
      json = json.with("config", Json.Obj.EMPTY);
    }
    return new ImageConfig(ordered(json));
  }

  private static Json.Obj ordered(Json.Obj json) {
    var members = new LinkedHashMap<String, Json>();
    var names = new ArrayList<>(ORDER);
    names.addAll(json.members().keySet());
    for (var name : names) {
      var value = json.members().get(name);
      if (value != null && !OF_ANOTHER_IMAGE.contains(name)) {
        members.putIfAbsent(name, value);
      }
    }
    return new Json.Obj(members);
  }
}
