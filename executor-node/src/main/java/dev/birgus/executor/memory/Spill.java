package dev.birgus.executor.memory;

import dev.birgus.executor.files.FileContent;
import dev.birgus.executor.files.HoleMaker;
import dev.birgus.infra.blobs.BulkInputStream;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of files that have no other place: small ones in memory as long as there are few, all
 * others one after the other in one file of the node, holes left out. The file is made when it is
 * needed; whoever gave its place removes it.
 */
public final class Spill implements NewContent, Closeable {

  private static final int LARGEST_IN_MEMORY = 16 * 1024;
  private static final int MOST_IN_MEMORY = 4 * 1024 * 1024;
  private static final int BUFFER = 128 * 1024;

  private final Path place;
  private @Nullable RandomAccessFile file;
  private long end;
  private int inMemory;
  private boolean closed;

  /**
   * Nothing yet.
   *
   * @param place of the file, where nothing is
   */
  public Spill(Path place) {
    this.place = place;
  }

  /**
   * A part of a file.
   *
   * @param at where it is, or negative for a hole
   */
  private record Extent(long at, long length) {}

  @Override
  public OutputStream write(String path, Consumer<FileContent> done) {
    return new Writing(done);
  }

  private synchronized boolean mayHold(int size) {
    if (size > LARGEST_IN_MEMORY || size > MOST_IN_MEMORY - inMemory) {
      return false;
    }
    inMemory += size;
    return true;
  }

  /** Writes to the end of the file, and says where that was. */
  private synchronized long append(byte[] bytes, int length) throws IOException {
    if (closed) {
      throw new IOException("closed: " + place);
    }
    try {
      if (file == null) {
        file = new RandomAccessFile(place.toFile(), "rw");
      }
      var at = end;
      file.seek(at);
      file.write(bytes, 0, length);
      end += length;
      return at;
    } catch (IOException failed) {
      // With the path, by which it is told what to do when the disk is full.
      var named = new FileSystemException(place.toString(), null, failed.getMessage());
      named.initCause(failed);
      throw named;
    }
  }

  private synchronized void read(long at, byte[] bytes, int offset, int length) throws IOException {
    if (file == null) {
      throw new IOException("closed: " + place);
    }
    file.seek(at);
    file.readFully(bytes, offset, length);
  }

  /** Nothing can be read any more. */
  @Override
  public synchronized void close() throws IOException {
    closed = true;
    if (file != null) {
      file.close();
      file = null;
    }
  }

  private final class Writing extends OutputStream implements HoleMaker {

    private final Consumer<FileContent> done;
    private final List<Extent> extents = new ArrayList<>(1);
    private byte[] buffer = new byte[512];
    private int filled;
    private long size;
    private boolean finished;

    Writing(Consumer<FileContent> done) {
      this.done = done;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, bytes.length);
      for (int at = offset, left = length; left > 0; ) {
        grow(left);
        var part = Math.min(left, buffer.length - filled);
        System.arraycopy(bytes, at, buffer, filled, part);
        filled += part;
        at += part;
        left -= part;
        if (filled == BUFFER) {
          flushBuffer();
        }
      }
      size += length;
    }

    private void grow(int wanted) {
      var needed = Math.min(BUFFER, filled + (long) wanted);
      if (needed > buffer.length) {
        buffer =
            Arrays.copyOf(buffer, (int) Math.min(BUFFER, Math.max(needed, 4L * buffer.length)));
      }
    }

    private void flushBuffer() throws IOException {
      if (filled > 0) {
        add(new Extent(append(buffer, filled), filled));
        filled = 0;
      }
    }

    /** What stands behind the part before it becomes one with it. */
    private void add(Extent next) {
      if (!extents.isEmpty()) {
        var last = extents.getLast();
        var follows = next.at() >= 0 && last.at() >= 0 && last.at() + last.length() == next.at();
        if (follows || (next.at() < 0 && last.at() < 0)) {
          extents.set(extents.size() - 1, new Extent(last.at(), last.length() + next.length()));
          return;
        }
      }
      extents.add(next);
    }

    @Override
    public void hole(long length) throws IOException {
      flushBuffer();
      add(new Extent(-1, length));
      size += length;
    }

    @Override
    public void close() throws IOException {
      if (finished) {
        return;
      }
      finished = true;
      if (extents.isEmpty() && mayHold(filled)) {
        done.accept(new Held(Arrays.copyOf(buffer, filled)));
        return;
      }
      flushBuffer();
      done.accept(new Spilled(size, List.copyOf(extents)));
    }
  }

  /** Bytes in memory. */
  private static final class Held implements FileContent {
    private final byte[] bytes;

    Held(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(bytes);
    }
  }

  /** Bytes in the file. */
  private final class Spilled implements FileContent {
    private final long size;
    private final List<Extent> extents;

    Spilled(long size, List<Extent> extents) {
      this.size = size;
      this.extents = extents;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public InputStream open() {
      return new Reading(extents);
    }
  }

  private final class Reading extends BulkInputStream {
    private final List<Extent> extents;
    private int next;
    private long done;

    Reading(List<Extent> extents) {
      this.extents = extents;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, bytes.length);
      if (next == extents.size()) {
        return length == 0 ? 0 : -1;
      }
      var extent = extents.get(next);
      var part = (int) Math.min(length, extent.length() - done);
      if (extent.at() < 0) {
        Arrays.fill(bytes, offset, offset + part, (byte) 0);
      } else {
        Spill.this.read(extent.at() + done, bytes, offset, part);
      }
      done += part;
      if (done == extent.length()) {
        next++;
        done = 0;
      }
      return part;
    }
  }
}
