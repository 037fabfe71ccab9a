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
 * @param baseManifest media type of the base image's manifest, which the image keeps; empty for
 *     scratch
 * @param annotations of the manifest
 * @param created the time the image says it was made; empty for the time of its push
 */
public record ImageSpec(
    ImageConfig config,
    StageResult result,
    Optional<MediaType> baseManifest,
    Map<String, String> annotations,
    Optional<Instant> created) {

  public ImageSpec {
    requireNonNull(config, "config");
    requireNonNull(result, "result");
    requireNonNull(baseManifest, "baseManifest");
    annotations = Map.copyOf(annotations);
    requireNonNull(created, "created");
  }
}
