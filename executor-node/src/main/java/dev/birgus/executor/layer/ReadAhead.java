package dev.birgus.executor.layer;

import dev.birgus.infra.blobs.BulkInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream on a thread of its own, some buffers ahead, so that decompressing and writing go
 * side by side. What fails over there is thrown here.
 */
final class ReadAhead extends BulkInputStream {

  private static final int BUFFER = 128 * 1024;
  private static final int AHEAD = 8;

  /** Opens the stream; called on the other thread. */
  interface Source {
    InputStream open() throws IOException;
  }

  /** A filled buffer; or the end, with what was thrown if it came too early. */
  private static final class Chunk {
    final byte[] bytes;
    final int size;
    final @Nullable Throwable failure;

    Chunk(byte[] bytes, int size, @Nullable Throwable failure) {
      this.bytes = bytes;
      this.size = size;
      this.failure = failure;
    }
  }

  private final BlockingQueue<Chunk> filled = new ArrayBlockingQueue<>(AHEAD);
  private final BlockingQueue<byte[]> free = new ArrayBlockingQueue<>(AHEAD + 2);
  private final Thread reader;
  private Chunk current = new Chunk(new byte[0], 0, null);
  private int position;

  ReadAhead(Source source) {
    for (var i = 0; i < AHEAD; i++) {
      free.add(new byte[BUFFER]);
    }
    reader = Thread.ofPlatform().daemon().name("layer-read-ahead").start(() -> fill(source));
  }

  private void fill(Source source) {
    try {
      var end = new Chunk(new byte[0], -1, null);
      try (var in = source.open()) {
        while (true) {
          var bytes = free.take();
          var size = in.readNBytes(bytes, 0, bytes.length);
          if (size == 0) {
            break;
          }
          filled.put(new Chunk(bytes, size, null));
        }
      } catch (IOException | RuntimeException | Error e) {
        end = new Chunk(new byte[0], -1, e);
      }
      filled.put(end);
    } catch (InterruptedException closed) {
      // Nobody reads any more.
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (position == current.size) {
      advance();
    }
    if (current.size < 0) {
      rethrow(current.failure);
      return -1;
    }
    var part = Math.min(length, current.size - position);
    System.arraycopy(current.bytes, position, bytes, offset, part);
    position += part;
    return part;
  }

  private void advance() throws IOException {
    try {
      if (current.size > 0) {
        free.put(current.bytes);
      }
      current = filled.take();
      position = 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while unpacking a layer");
    }
  }

  private static void rethrow(@Nullable Throwable failure) throws IOException {
    switch (failure) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }

  /** Ends the other thread and waits until it is gone, unless it hangs in a read. */
  @Override
  public void close() {
    reader.interrupt();
    filled.clear();
    var interrupted = Thread.interrupted();
    try {
      var _ = reader.join(java.time.Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
