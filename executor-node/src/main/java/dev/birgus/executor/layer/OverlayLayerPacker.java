package dev.birgus.executor.layer;

import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.blobs.ParallelGzipOutputStream;
import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.MediaType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Packs what steps have changed: tar to digest to gzip to blob, in one pass. Equal content gives
 * equal bytes on every machine.
 *
 * <p>Compression is shared by all packing of one instance; its threads end when idle. Packing
 * itself blocks on system calls: call it from a platform thread.
 */
public final class OverlayLayerPacker implements LayerPacker {

  private final BlobStore blobs;
  private final ThreadPoolExecutor workers;
  private final int window;

  /**
   * A packer.
   *
   * @param blobs takes the layers
   * @param threads how many blocks are compressed at a time, at least 1; memory grows by about 1 MB
   *     with each, for every layer that is packed at the time
   */
  public OverlayLayerPacker(BlobStore blobs, int threads) {
    this.blobs = blobs;
    this.window = threads + 2;
    this.workers =
        new ThreadPoolExecutor(
            threads,
            threads,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("layer-compression-", 0).factory());
    workers.allowCoreThreadTimeOut(true);
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
    return Optional.of(pack(new UpperContent(upper), options, progress));
  }

  @Override
  public Layer pack(LayerContent content, BuildOptions options, LayerStore.Progress progress)
      throws IOException {
    try (var blob = blobs.create()) {
      var packed = new CountingOutputStream(blob);
      var sha256 = Digest.newSha256();
      var level = options.compressionLevel().orElse(ParallelGzipOutputStream.USUAL_LEVEL);
      try (var tar =
          new TarWriter(
              new DigestingOutputStream(
                  new ParallelGzipOutputStream(packed, level, workers, window),
                  sha256,
                  progress))) {
        content.write(tar, options.timestamp());
        tar.finish();
      }
      var digest = blob.commit();
      var descriptor = Descriptor.of(MediaType.OCI_LAYER_GZIP, digest, packed.count());
      return new Layer(descriptor, Digest.ofSha256(sha256.digest()), Optional.empty());
    }
  }
}
