package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.ImageConfig;
import dev.birgus.infra.oci.Manifest;
import java.util.ArrayList;
import java.util.List;

/**
 * An image of which manifest and configuration are known, and verified.
 *
 * @param name as the Dockerfile wrote it
 * @param source where its blobs are
 * @param digest of the manifest of the chosen platform
 */
public record ResolvedImage(
    String name, ImageSource source, Digest digest, Manifest manifest, ImageConfig config) {

  public ResolvedImage {
    requireNonNull(name, "name");
    requireNonNull(source, "source");
    requireNonNull(digest, "digest");
    requireNonNull(manifest, "manifest");
    requireNonNull(config, "config");
    if (manifest.layers().size() != config.diffIds().size()) {
      throw new IllegalArgumentException(
          name
              + ": the manifest has "
              + manifest.layers().size()
              + " layers, its configuration "
              + config.diffIds().size());
    }
  }

  /** The layers, lowest first. */
  public List<Layer> layers() {
    var diffIds = config.diffIds();
    var layers = new ArrayList<Layer>();
    for (var i = 0; i < diffIds.size(); i++) {
      layers.add(
          new Layer(manifest.layers().get(i), diffIds.get(i), java.util.Optional.of(source)));
    }
    return List.copyOf(layers);
  }
}
