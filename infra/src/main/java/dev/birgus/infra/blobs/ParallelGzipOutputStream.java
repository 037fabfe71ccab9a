package dev.birgus.infra.blobs;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import java.util.zip.CRC32;

/**
 * Writes one gzip member (RFC 1952) of blocks that are compressed side by side. Each block is
 * deflated for itself and ends on a byte (a sync flush), so they can be joined; the bytes depend on
 * the content and on what deflates the blocks alone, not on how many threads there are.
 *
 * <p>At most a given number of blocks is in memory. A stream that failed or was interrupted does
 * not end its member when it is closed, so that what was written is never taken for whole.
 */
public final class ParallelGzipOutputStream extends OutputStream {

  /** Fast, and within a fiftieth of the size of gzip's own default. */
  public static final int USUAL_LEVEL = 4;

  /** Bytes that are compressed together; part of what the output is, so it never changes. */
  static final int BLOCK = 256 * 1024;

  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 255};

  private final OutputStream out;
  private final Supplier<? extends BlockDeflater> deflaters;
  private final Executor workers;
  private final int window;
  private final ArrayDeque<FutureTask<Block>> pending = new ArrayDeque<>();
  private final ArrayDeque<Block> free = new ArrayDeque<>();
  private final CRC32 checksum = new CRC32();
  private Block filling;
  private long size;
  private boolean failed;
  private boolean closed;

  /**
   * A stream that the JDK compresses and of which the header is written at once.
   *
   * @param level 1 to 9
   * @param workers compress the blocks; they must never refuse one
   * @param window how many blocks may wait or be worked on, at least 1
   */
  public ParallelGzipOutputStream(OutputStream out, int level, Executor workers, int window)
      throws IOException {
    this(out, () -> new JdkDeflater(level), workers, window);
  }

  /**
   * A stream of which the header is written at once.
   *
   * @param deflaters makes what compresses a block; all must compress in the same way
   * @param workers compress the blocks; they must never refuse one
   * @param window how many blocks may wait or be worked on, at least 1
   */
  public ParallelGzipOutputStream(
      OutputStream out, Supplier<? extends BlockDeflater> deflaters, Executor workers, int window)
      throws IOException {
    if (window < 1) {
      throw new IllegalArgumentException("window " + window);
    }
    this.out = out;
    this.deflaters = deflaters;
    this.workers = workers;
    this.window = window;
    this.filling = new Block(deflaters.get());
    out.write(HEADER);
  }

  /** A block: what goes in and what comes out. Used again when it is written. */
  private static final class Block {
    final byte[] plain = new byte[BLOCK];
    final BlockDeflater deflater;
    // More than deflate ever makes of a block.
    final byte[] packed = new byte[BLOCK + BLOCK / 8];
    int plainSize;
    int packedSize;

    Block(BlockDeflater deflater) {
      this.deflater = deflater;
    }

    Block deflate() {
      packedSize = deflater.deflate(plain, plainSize, packed);
      return this;
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
    checksum.update(bytes, offset, length);
    size += length;
    for (var done = 0; done < length; ) {
      var part = Math.min(length - done, BLOCK - filling.plainSize);
      System.arraycopy(bytes, offset + done, filling.plain, filling.plainSize, part);
      filling.plainSize += part;
      done += part;
      if (filling.plainSize == BLOCK) {
        hand();
      }
    }
  }

  /** Gives the full block away to be compressed and takes another one. */
  private void hand() throws IOException {
    var block = filling;
    var task = new FutureTask<>(block::deflate);
    pending.add(task);
    workers.execute(task);
    if (pending.size() >= window) {
      writeOldest();
    }
    var next = free.poll();
    filling = next == null ? new Block(deflaters.get()) : next;
    filling.plainSize = 0;
  }

  private void writeOldest() throws IOException {
    try {
      // A block that is done is got without a look at whether anybody still wants it.
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      var block = pending.element().get();
      pending.remove();
      out.write(block.packed, 0, block.packedSize);
      free.add(block);
    } catch (InterruptedException e) {
      failed = true;
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while compressing");
    } catch (ExecutionException e) {
      failed = true;
      throw new IOException("compressing failed", e.getCause());
    } catch (IOException e) {
      failed = true;
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (out) {
      if (!failed) {
        finish();
      }
    } finally {
      release();
    }
  }

  private void finish() throws IOException {
    if (filling.plainSize > 0 && pending.isEmpty()) {
      // Nobody to wait for: a small layer starts no thread.
      filling.deflate();
      out.write(filling.packed, 0, filling.packedSize);
    } else if (filling.plainSize > 0) {
      hand();
    }
    while (!pending.isEmpty()) {
      writeOldest();
    }
    var crc = (int) checksum.getValue();
    var length = (int) size;
    // An empty last block with fixed codes, then the trailer.
    out.write(new byte[] {3, 0});
    for (var value : new int[] {crc, length}) {
      out.write(
          new byte[] {
            (byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24)
          });
    }
  }

  /** A deflater's memory is outside the heap: it is given back when no worker can touch it. */
  private void release() {
    for (var task : pending) {
      // A block being worked on is left to the garbage collector's cleaner.
      task.cancel(false);
    }
    pending.clear();
    free.forEach(block -> block.deflater.close());
    free.clear();
    filling.deflater.close();
  }
}
