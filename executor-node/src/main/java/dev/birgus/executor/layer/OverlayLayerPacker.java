package dev.birgus.executor.layer;

import dev.birgus.executor.compression.LayerCompressor;
import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Packs what steps have changed: tar to digest to compression to blob, in one pass. Equal content
 * gives equal tars on every machine.
 *
 * <p>The threads that compress are shared by all packing of one instance. Packing itself blocks on
 * system calls: call it from a platform thread.
 */
public final class OverlayLayerPacker implements LayerPacker {

  private final BlobStore blobs;
  private final LayerCompressor compressor;

  /**
   * A packer.
   *
   * @param blobs takes the layers
   * @param threads how many parts of a layer are compressed at a time, at least 1
   */
  public OverlayLayerPacker(BlobStore blobs, int threads) {
    this.blobs = blobs;
    this.compressor = new LayerCompressor(threads);
  }

  /**
   * Packs an upper directory nothing writes to any more.
   *
   * @return empty if the directory holds nothing
   */
  public Optional<Layer> pack(Path upper, BuildOptions options, LayerStore.Progress progress)
      throws IOException {
    try (var files = LinuxFileSystem.open(upper)) {
      if (files.list("/").isEmpty()) {
        return Optional.empty();
      }
    }
    return pack(UpperContent.alone(upper), options, progress);
  }

  @Override
  public Optional<Layer> pack(
      LayerContent content, BuildOptions options, LayerStore.Progress progress) throws IOException {
    try (var blob = blobs.create()) {
      var packed = new CountingOutputStream(blob);
      var sha256 = Digest.newSha256();
      try (var tar =
          new TarWriter(
              new DigestingOutputStream(
                  compressor.open(packed, options.compression()), sha256, progress))) {
        if (!content.write(tar, options)) {
          return Optional.empty();
        }
        tar.finish();
      }
      var digest = blob.commit();
      var descriptor = Descriptor.of(options.compression().mediaType(), digest, packed.count());
      return Optional.of(new Layer(descriptor, Digest.ofSha256(sha256.digest()), Optional.empty()));
    }
  }
}
