package dev.birgus.executor.layer;

import dev.birgus.executor.files.FileContent;
import dev.birgus.executor.files.FileNames;
import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.memory.Entry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What a layer holds, without the content of its files: 40 bytes and its name for each entry, as
 * they are in the index's file. The entries of a directory stand side by side, names in the order
 * of their bytes.
 */
final class LayerIndex {

  /** Bytes of an entry's fields. */
  static final int FIELDS = 40;

  static final int NAME = 0;
  static final int WHAT = 4;
  static final int UID = 8;
  static final int GID = 12;
  static final int MODIFIED = 16;

  /** A file's size, a directory's first entry and their number, a device's two numbers. */
  static final int DETAIL = 24;

  /** Which entry of the tar has a file's content. */
  static final int TAR_ENTRY = 32;

  /** The first entry that is the same file. */
  static final int SAME = 36;

  /** Bits of WHAT above the mode: the kind, and what else is to be known. */
  static final int KIND_SHIFT = 12;

  static final int KIND_MASK = 7;
  static final int OPAQUE = 1 << 15;
  static final int SEVERAL_NAMES = 1 << 16;

  /** In the order of their numbers in an index, which is not to change. */
  static final List<Kind> KINDS =
      List.of(
          Kind.FILE,
          Kind.DIRECTORY,
          Kind.SYMLINK,
          Kind.FIFO,
          Kind.CHARACTER_DEVICE,
          Kind.BLOCK_DEVICE);

  private static final AtomicLong DEVICES = new AtomicLong(-2);

  private final int count;
  private final ByteBuffer fields;
  private final byte[] names;
  private final Map<Integer, SortedMap<String, String>> xattrs;
  private final Map<Integer, byte[]> kept;
  private final Contents contents;
  private final long device = DEVICES.getAndDecrement();

  /** Gives what files hold that is not in the index. */
  interface Contents {
    /** The content of the so-manyth entry of the layer's tar. */
    InputStream open(int entry, long size) throws IOException;
  }

  /**
   * An index.
   *
   * @param fields of all entries; the root is the first
   * @param names of all entries and targets of links, one after the other
   * @param xattrs by the entry's number
   * @param kept contents that are often asked for, by the entry of the tar
   */
  LayerIndex(
      ByteBuffer fields,
      byte[] names,
      Map<Integer, SortedMap<String, String>> xattrs,
      Map<Integer, byte[]> kept,
      Contents contents) {
    this.count = fields.limit() / FIELDS;
    this.fields = fields;
    this.names = names;
    this.xattrs = xattrs;
    this.kept = kept;
    this.contents = contents;
  }

  /** The directory at the root of the layer. */
  Entry root() {
    return new Indexed(0);
  }

  private int number(int entry, int field) {
    return fields.getInt(entry * FIELDS + field);
  }

  private long large(int entry, int field) {
    return fields.getLong(entry * FIELDS + field);
  }

  private int nameEnd(int entry) {
    // A link's target follows its name.
    return kind(entry) == Kind.SYMLINK ? (int) (large(entry, DETAIL) >>> 32) : entryEnd(entry);
  }

  private int entryEnd(int entry) {
    return entry + 1 < count ? number(entry + 1, NAME) : names.length;
  }

  private Kind kind(int entry) {
    return KINDS.get((number(entry, WHAT) >> KIND_SHIFT) & KIND_MASK);
  }

  private int first(int directory) {
    return (int) (large(directory, DETAIL) >>> 32);
  }

  private int size(int directory) {
    return (int) large(directory, DETAIL);
  }

  /** The number of the entry of this name in a directory; negative if there is none. */
  private int find(int directory, byte[] name) {
    var low = first(directory);
    var high = low + size(directory) - 1;
    while (low <= high) {
      var middle = (low + high) >>> 1;
      var order =
          Arrays.compareUnsigned(
              names, number(middle, NAME), nameEnd(middle), name, 0, name.length);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  private String name(int entry) {
    var start = number(entry, NAME);
    return FileNames.decode(names, start, nameEnd(entry) - start);
  }

  private String target(int link) {
    var start = nameEnd(link);
    return FileNames.decode(names, start, entryEnd(link) - start);
  }

  private final class Indexed implements Entry {

    private final int entry;

    Indexed(int entry) {
      this.entry = entry;
    }

    @Override
    public Kind kind() {
      return LayerIndex.this.kind(entry);
    }

    @Override
    public boolean isWhiteout() {
      return kind() == Kind.CHARACTER_DEVICE && large(entry, DETAIL) == 0;
    }

    @Override
    public boolean isOpaque() {
      return (number(entry, WHAT) & OPAQUE) != 0;
    }

    @Override
    public FileStatus status() {
      var kind = kind();
      var isDevice = kind == Kind.CHARACTER_DEVICE || kind == Kind.BLOCK_DEVICE;
      return new FileStatus(
          kind,
          number(entry, WHAT) & 07777,
          number(entry, UID) & 0xffffffffL,
          number(entry, GID) & 0xffffffffL,
          kind == Kind.FILE
              ? large(entry, DETAIL)
              : kind == Kind.SYMLINK ? entryEnd(entry) - nameEnd(entry) : 0,
          large(entry, MODIFIED),
          device,
          number(entry, SAME),
          (number(entry, WHAT) & SEVERAL_NAMES) == 0 ? 1 : 2,
          isDevice ? (int) (large(entry, DETAIL) >>> 32) : 0,
          isDevice ? (int) large(entry, DETAIL) : 0,
          kind == Kind.SYMLINK ? Optional.of(target(entry)) : Optional.empty());
    }

    @Override
    public SortedMap<String, String> xattrs() {
      return xattrs.getOrDefault(entry, Collections.emptySortedMap());
    }

    @Override
    public @Nullable Entry child(String name) {
      if (kind() != Kind.DIRECTORY) {
        throw new IllegalStateException("not a directory");
      }
      var found = find(entry, FileNames.encode(name));
      return found < 0 ? null : new Indexed(found);
    }

    @Override
    public Collection<String> names() {
      List<String> all = new ArrayList<>(LayerIndex.this.size(entry));
      var start = first(entry);
      for (var each = start; each < start + LayerIndex.this.size(entry); each++) {
        all.add(name(each));
      }
      return all;
    }

    @Override
    public FileContent content() {
      if (kind() != Kind.FILE) {
        throw new IllegalStateException("not a regular file");
      }
      return new InLayer(large(entry, DETAIL), number(entry, TAR_ENTRY));
    }
  }

  private final class InLayer implements FileContent {
    private final long size;
    private final int entry;

    InLayer(long size, int entry) {
      this.size = size;
      this.entry = entry;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public InputStream open() throws IOException {
      var here = size == 0 ? new byte[0] : kept.get(entry);
      return here == null ? contents.open(entry, size) : new ByteArrayInputStream(here);
    }
  }
}
