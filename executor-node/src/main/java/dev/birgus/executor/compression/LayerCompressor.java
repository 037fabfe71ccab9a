package dev.birgus.executor.compression;

import dev.birgus.infra.blobs.ParallelGzipOutputStream;
import dev.birgus.infra.contracts.LayerCompression;
import dev.birgus.infra.contracts.LayerCompression.Codec;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Compresses layers, each over several threads. The bytes depend on the layer and on what was asked
 * for, never on the number of threads.
 *
 * <p>The threads for gzip are shared by all layers of one instance and end when idle; zstd has its
 * own for each layer, which end with it.
 */
public final class LayerCompressor {

  private final ThreadPoolExecutor workers;
  private final int threads;

  /**
   * A compressor.
   *
   * @param threads how many parts of a layer are compressed at a time, at least 1; memory grows
   *     with each by about 1 MB for gzip and 10 MB for zstd, for every layer that is compressed at
   *     the time
   */
  public LayerCompressor(int threads) {
    this.threads = threads;
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
   * Opens a stream that compresses what is written to it. Closing it ends the format's stream and
   * closes {@code out}; after an error or an interrupt the format's stream is left without its end,
   * so that nobody takes what was written for whole.
   *
   * @param out used by the thread that writes, only
   * @throws dev.birgus.infra.contracts.FailureException {@code isal-unavailable} or {@code
   *     zstd-unavailable} if the library is not on this machine
   */
  public OutputStream open(OutputStream out, LayerCompression how) throws IOException {
    var level = how.effectiveLevel();
    return switch (how.codec()) {
      case GZIP -> new ParallelGzipOutputStream(out, level, workers, threads + 2);
      case GZIP_ISAL -> {
        var library = IsalLibrary.get();
        yield new ParallelGzipOutputStream(
            out, () -> new IsalDeflater(library, level), workers, threads + 2);
      }
      case ZSTD -> ZstdLayerOutputStream.open(out, level, threads);
    };
  }

  /**
   * Finds out before a build whether this machine can compress in this way.
   *
   * @throws dev.birgus.infra.contracts.FailureException as {@link #open}
   */
  public static void require(Codec codec) {
    switch (codec) {
      case GZIP -> {
        // It comes with the JDK.
      }
      case GZIP_ISAL -> IsalLibrary.get();
      case ZSTD -> ZstdLayerOutputStream.require();
    }
  }
}
