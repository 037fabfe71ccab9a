package dev.birgus.pusher.image;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.oci.Digest;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * An image as it is delivered.
 *
 * @param layers lowest first, with the media types the manifest gives them; one may be there twice
 */
public record FinishedImage(Document manifest, Document config, List<Layer> layers) {

  public FinishedImage {
    requireNonNull(manifest, "manifest");
    requireNonNull(config, "config");
    layers = List.copyOf(layers);
  }

  /** What the image is called by: the digest of its manifest. */
  public Digest digest() {
    return manifest.digest();
  }

  /** The bytes of its layers as they are stored, a layer that is there twice counted twice. */
  public long size() {
    return layers.stream().mapToLong(layer -> layer.blob().size()).sum();
  }

  /** The bytes of its layers, each counted once. */
  public long distinctSize() {
    return distinctLayers().stream().mapToLong(layer -> layer.blob().size()).sum();
  }

  /** Its layers, lowest first, each once. */
  public List<Layer> distinctLayers() {
    var distinct = new LinkedHashMap<Digest, Layer>();
    for (var layer : layers) {
      distinct.putIfAbsent(layer.blob().digest(), layer);
    }
    return List.copyOf(distinct.values());
  }
}
