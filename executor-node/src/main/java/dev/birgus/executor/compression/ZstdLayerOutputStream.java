package dev.birgus.executor.compression;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.birgus.infra.contracts.Failure;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Writes one zstd frame (RFC 8878) with a checksum. */
final class ZstdLayerOutputStream extends OutputStream {

  private static final int BUFFER = 256 * 1024;

  private final OutputStream out;
  private final ZstdCompressCtx context;
  private final ByteBuffer plain = ByteBuffer.allocateDirect(BUFFER);
  private final ByteBuffer packed = ByteBuffer.allocateDirect(BUFFER);
  private final byte[] written = new byte[BUFFER];
  private boolean failed;
  private boolean closed;

  private ZstdLayerOutputStream(OutputStream out, int level, int threads) {
    this.out = out;
    this.context = new ZstdCompressCtx();
    // From one worker on, the bytes are the same for any number of them.
    context.setLevel(level).setChecksum(true).setWorkers(threads);
  }

  /**
   * A stream.
   *
   * @param level 1 to 19
   * @param threads how many compress, at least 1
   * @throws dev.birgus.infra.contracts.FailureException {@code zstd-unavailable}
   */
  static ZstdLayerOutputStream open(OutputStream out, int level, int threads) {
    require();
    return new ZstdLayerOutputStream(out, level, threads);
  }

  /** Fails if the library is not made for this machine. */
  static void require() {
    try {
      var _ = Zstd.maxCompressionLevel();
    } catch (LinkageError missing) {
      throw Failure.of(
              "zstd-unavailable",
              "zstd cannot be compressed on this machine: " + missing.getMessage(),
              "Use gzip, or run on Linux on x86-64 or arm64 with glibc and a temporary folder"
                  + " programs may be loaded from.")
          .toException(missing);
    }
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (closed || failed) {
      throw new IOException("the stream is closed");
    }
    for (var done = 0; done < length; ) {
      var part = Math.min(length - done, plain.remaining());
      plain.put(bytes, offset + done, part);
      done += part;
      if (!plain.hasRemaining()) {
        compress(EndDirective.CONTINUE);
      }
    }
  }

  /** Compresses what has come, to the end of the frame if that is asked for. */
  private void compress(EndDirective end) throws IOException {
    // Until this has gone well.
    failed = true;
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("interrupted while compressing");
    }
    plain.flip();
    boolean whole;
    do {
      whole = step(end);
      packed.flip();
      var length = packed.remaining();
      packed.get(written, 0, length);
      packed.clear();
      out.write(written, 0, length);
    } while (plain.hasRemaining() || (end == EndDirective.END && !whole));
    plain.clear();
    failed = false;
  }

  private boolean step(EndDirective end) throws IOException {
    try {
      return context.compressDirectByteBufferStream(packed, plain, end);
    } catch (ZstdException broken) {
      throw new IOException("compressing failed: " + broken.getMessage(), broken);
    }
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    // The threads of the library end with its context.
    try (out;
        context) {
      if (!failed) {
        compress(EndDirective.END);
      }
    }
  }
}
