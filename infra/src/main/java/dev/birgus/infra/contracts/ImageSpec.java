package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.oci.ImageConfig;
import dev.birgus.infra.oci.MediaType;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * An image before its manifest is written.
 *
 * @param config without layers and history
 * @param result layers and history
 * @param baseManifest media type of the base image's manifest, whose family the image keeps if no
 *     other is asked for; empty for scratch
 * @param annotations of the manifest
 * @param created the time the image says it was made; empty for the time of its push
 * @param format that is asked for; empty for none
 */
public record ImageSpec(
    ImageConfig config,
    StageResult result,
    Optional<MediaType> baseManifest,
    Map<String, String> annotations,
    Optional<Instant> created,
    Optional<ImageFormat> format) {

  public ImageSpec {
    requireNonNull(config, "config");
    requireNonNull(result, "result");
    requireNonNull(baseManifest, "baseManifest");
    annotations = Map.copyOf(annotations);
    requireNonNull(created, "created");
    requireNonNull(format, "format");
  }

  /** An image in the format of its base. */
  public ImageSpec(
      ImageConfig config,
      StageResult result,
      Optional<MediaType> baseManifest,
      Map<String, String> annotations,
      Optional<Instant> created) {
    this(config, result, baseManifest, annotations, created, Optional.empty());
  }

  /** The same image in this format. */
  public ImageSpec in(ImageFormat asked) {
    return new ImageSpec(config, result, baseManifest, annotations, created, Optional.of(asked));
  }

  /** The same image, which says that it was made at this time unless it says another. */
  public ImageSpec createdBy(Instant time) {
    return created.isPresent()
        ? this
        : new ImageSpec(config, result, baseManifest, annotations, Optional.of(time), format);
  }
}
