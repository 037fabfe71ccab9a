package dev.birgus.executor.layer;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.birgus.infra.contracts.Failure;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.XZInputStream;

/**
 * Decompresses streams that may consist of several parts. The libraries are loaded when a stream of
 * their kind is met and not before.
 */
public final class Decompression {

  private static final int BUFFER = 64 * 1024;

  /** Enough for all levels of xz; dictionaries beyond that are made to order. */
  private static final int XZ_MEMORY_KIB = 160 * 1024;

  private Decompression() {}

  /** What is in a gzip stream. */
  public static InputStream gzip(InputStream compressed) throws IOException {
    return new GZIPInputStream(compressed, BUFFER);
  }

  /** What is in a bzip2 stream. */
  public static InputStream bzip2(InputStream compressed) throws IOException {
    return new BZip2CompressorInputStream(new BufferedInputStream(compressed, BUFFER), true);
  }

  /**
   * What is in an xz stream.
   *
   * @throws dev.birgus.infra.contracts.FailureException {@code too-much-memory} if its dictionary
   *     is larger than those of xz's levels
   */
  public static InputStream xz(InputStream compressed) throws IOException {
    try {
      return new XZInputStream(new BufferedInputStream(compressed, BUFFER), XZ_MEMORY_KIB);
    } catch (MemoryLimitException tooMuch) {
      throw Failure.of(
              "too-much-memory",
              "decompressing the xz stream takes "
                  + tooMuch.getMemoryNeeded()
                  + " KiB of memory, more than the "
                  + XZ_MEMORY_KIB
                  + " allowed",
              "compress it again with one of the levels -0 to -9")
          .toException(tooMuch);
    }
  }

  /**
   * What is in a zstd stream; windows of up to 128 MiB, as zstd(1) has it.
   *
   * @throws dev.birgus.infra.contracts.FailureException {@code zstd-unavailable} on a machine the
   *     native library is not made for
   */
  public static InputStream zstd(InputStream compressed) throws IOException {
    try {
      return new ZstdInputStreamNoFinalizer(compressed).setContinuous(false);
    } catch (LinkageError missing) {
      throw Failure.of(
              "zstd-unavailable",
              "zstd cannot be decompressed on this machine: " + missing.getMessage(),
              "use gzip, or run on Linux on x86-64 or arm64 with glibc and a temporary folder"
                  + " programs may be loaded from")
          .toException(missing);
    }
  }
}
