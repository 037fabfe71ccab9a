package dev.birgus.executor.layer;

import dev.birgus.executor.files.FileContent;
import dev.birgus.executor.files.HoleMaker;
import dev.birgus.executor.memory.MemoryFiles;
import dev.birgus.executor.memory.MemoryTree;
import dev.birgus.executor.memory.NewContent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Takes a layer's entries as a directory would, and remembers what they are and which of the tar's
 * entries has a file's content. The content itself is let go, but for the files that names of users
 * and groups are looked up in.
 */
final class IndexBuilder implements NewContent {

  private static final Set<String> KEPT = Set.of("/etc/passwd", "/etc/group");
  private static final int LARGEST_KEPT = 1 << 20;

  private final MemoryTree tree = new MemoryTree();
  private final IndexLimits limits;
  private int entry = -1;
  private long weight;

  IndexBuilder(IndexLimits limits) {
    this.limits = limits;
  }

  /** Where a file's content is: in which entry of the tar, counted from 0. */
  static final class InTar implements FileContent {
    private final int entry;
    private final long size;
    private final byte[] kept;

    private InTar(int entry, long size, byte[] kept) {
      this.entry = entry;
      this.size = size;
      this.kept = kept;
    }

    int entry() {
      return entry;
    }

    /** The content itself if it is worth keeping, else nothing. */
    byte[] kept() {
      return kept.clone();
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public InputStream open() {
      throw new UnsupportedOperationException("the index is not made yet");
    }
  }

  /** Too much to be held in memory. */
  static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1;

    TooLargeException() {
      super("the layer has more entries than an index may have");
    }
  }

  /** What the entries are put into. */
  MemoryFiles files() {
    return tree.raw(this);
  }

  MemoryTree tree() {
    return tree;
  }

  /** The next entry of the tar comes. */
  void next(TarEntry header) throws TooLargeException {
    entry++;
    weight += header.name().length() + header.link().length();
    for (var xattr : header.xattrs().entrySet()) {
      weight += xattr.getKey().length() + xattr.getValue().length();
    }
    if (entry >= limits.entries() || weight > limits.characters()) {
      throw new TooLargeException();
    }
  }

  @Override
  public OutputStream write(String path, Consumer<FileContent> done) {
    return new Measuring(entry, KEPT.contains(path), done);
  }

  /** Counts bytes, and keeps them if they are few and wanted. */
  private static final class Measuring extends OutputStream implements HoleMaker {

    private final int entry;
    private final Consumer<FileContent> done;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream(0);
    private boolean keeps;
    private long size;

    Measuring(int entry, boolean keeps, Consumer<FileContent> done) {
      this.entry = entry;
      this.keeps = keeps;
      this.done = done;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      size += length;
      keeps &= size <= LARGEST_KEPT;
      if (keeps) {
        kept.write(bytes, offset, length);
      }
    }

    @Override
    public void hole(long length) {
      size += length;
      keeps = false;
    }

    @Override
    public void close() {
      done.accept(new InTar(entry, size, keeps ? kept.toByteArray() : new byte[0]));
    }
  }
}
