package dev.birgus.executor.layer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.birgus.executor.files.FileNames;
import dev.birgus.executor.files.HoleMaker;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar as anybody may have made it: ustar, pax extended headers, GNU's long names and large
 * numbers, sparse files in all of GNU's forms, and what came before. Names keep their bytes. What
 * is broken is refused by name: {@code tar-broken}; rare entries are {@code tar-entry-unsupported}.
 */
public final class TarReader implements AutoCloseable {

  private static final int BLOCK = 512;

  private final InputStream in;
  private final int extendedLimit;
  private final byte[] block = new byte[BLOCK];
  private final Map<String, byte[]> global = new HashMap<>();
  private long left;
  private int padding;
  private @Nullable SparseContent sparse;

  /**
   * Reads from a stream, which is closed with this.
   *
   * @param extendedLimit bytes an extended header may have
   */
  public TarReader(InputStream in, int extendedLimit) {
    this.in = in;
    this.extendedLimit = extendedLimit;
  }

  /** The next entry, after skipping what is left of the one before; empty at the end. */
  public Optional<TarEntry> next() throws IOException {
    skip(left + padding);
    left = 0;
    padding = 0;
    sparse = null;
    var extended = new HashMap<>(global);
    while (readHeader()) {
      var size = number(124, 12);
      switch ((char) block[156]) {
        case 'x' -> TarRecords.parse(extension(size), extended);
        case 'g' -> {
          TarRecords.parse(extension(size), global);
          TarRecords.bound(global, extendedLimit);
          extended.putAll(global);
        }
        case 'L' -> extended.put("path", TarRecords.untilZero(extension(size)));
        case 'K' -> extended.put("linkpath", TarRecords.untilZero(extension(size)));
        default -> {
          return Optional.of(entry(extended));
        }
      }
      TarRecords.bound(extended, 2L * extendedLimit);
    }
    return Optional.empty();
  }

  /** Reads content of the entry, -1 at its end; holes of a sparse file are zeros. */
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (sparse == null) {
      return readStored(bytes, offset, length);
    }
    var zeros = (int) Math.min(sparse.hole(), length);
    if (zeros > 0) {
      Arrays.fill(bytes, offset, offset + zeros, (byte) 0);
      sparse.move(zeros);
      return zeros;
    }
    var read = readStored(bytes, offset, (int) Math.min(sparse.data(), length));
    if (read < 0 && !sparse.isAtEnd()) {
      throw broken("a sparse file has less content than its map says");
    }
    sparse.move(Math.max(read, 0));
    return read == 0 && sparse.isAtEnd() ? -1 : read;
  }

  /** Writes the rest of the entry's content, holes as holes where the file can have them. */
  public void copyTo(OutputStream file, byte[] buffer) throws IOException {
    while (true) {
      if (sparse != null && sparse.hole() > 0 && file instanceof HoleMaker holes) {
        var length = sparse.hole();
        holes.hole(length);
        sparse.move(length);
      }
      var read = read(buffer, 0, buffer.length);
      if (read < 0) {
        return;
      }
      file.write(buffer, 0, read);
    }
  }

  private int readStored(byte[] bytes, int offset, int length) throws IOException {
    if (left == 0) {
      return -1;
    }
    var read = in.read(bytes, offset, (int) Math.min(length, left));
    if (read < 0) {
      throw broken("it ends within the content of an entry");
    }
    left -= read;
    return read;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private boolean readHeader() throws IOException {
    var read = in.readNBytes(block, 0, BLOCK);
    if (read == 0) {
      return false;
    }
    if (read < BLOCK) {
      throw broken("it ends within a header");
    }
    if (isZero()) {
      return false;
    }
    checkSum();
    return true;
  }

  private boolean isZero() {
    for (var b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /** Some old programs summed signed bytes. */
  private void checkSum() {
    var unsigned = 0;
    var signed = 0;
    for (var i = 0; i < BLOCK; i++) {
      var b = i >= 148 && i < 156 ? ' ' : block[i];
      unsigned += b & 0xff;
      signed += b;
    }
    var sum = number(148, 8);
    if (sum != unsigned && sum != signed) {
      throw broken("the checksum of a header is wrong");
    }
  }

  private byte[] extension(long size) throws IOException {
    if (size > extendedLimit) {
      throw broken(
          "an extended header of "
              + size
              + " bytes is more than the "
              + extendedLimit
              + " allowed");
    }
    checkRange("size", size, extendedLimit);
    var bytes = in.readNBytes((int) size);
    if (bytes.length < size) {
      throw broken("it ends within an extended header");
    }
    skip(-size & (BLOCK - 1));
    return bytes;
  }

  private void skip(long count) throws IOException {
    try {
      in.skipNBytes(count);
    } catch (java.io.EOFException e) {
      throw broken("it ends within the content of an entry");
    }
  }

  private TarEntry entry(Map<String, byte[]> extended) throws IOException {
    var path = extended.getOrDefault(SparseContent.NAME, extended.get("path"));
    var name = path == null ? plainName() : FileNames.decode(path);
    if (name.isEmpty() || name.indexOf('\0') >= 0) {
      throw broken("an entry has no valid name");
    }
    var type = type(name);
    var linkPath = extended.get("linkpath");
    var link = linkPath == null ? text(157, 100) : FileNames.decode(linkPath);
    var hasLink = type == TarEntry.Type.SYMLINK || type == TarEntry.Type.HARD_LINK;
    var size = TarRecords.number(extended, "size", number(124, 12));
    var isFile = type == TarEntry.Type.FILE;
    left = isFile ? checkRange("size", size, Long.MAX_VALUE - BLOCK) : 0;
    padding = (int) (-left & (BLOCK - 1));
    if (isFile) {
      sparse = sparse(extended);
    }
    var isDevice = type == TarEntry.Type.CHARACTER_DEVICE || type == TarEntry.Type.BLOCK_DEVICE;
    return new TarEntry(
        name,
        type,
        (int) (number(100, 8) & 07777),
        checkRange("uid", TarRecords.number(extended, "uid", number(108, 8)), 0xffffffffL),
        checkRange("gid", TarRecords.number(extended, "gid", number(116, 8)), 0xffffffffL),
        sparse == null ? left : sparse.size(),
        TarRecords.number(extended, "mtime", number(136, 12)),
        hasLink ? link : "",
        isDevice ? (int) checkRange("major", number(329, 8), 0xfff) : 0,
        isDevice ? (int) checkRange("minor", number(337, 8), 0xfffff) : 0,
        xattrs(extended));
  }

  /** The map of a sparse file, in the header or before the content. */
  private @Nullable SparseContent sparse(Map<String, byte[]> extended) throws IOException {
    if (block[156] == 'S') {
      return SparseContent.ofHeader(block, TarReader::number, this::moreOfHeader);
    }
    if (extended.containsKey(SparseContent.MAJOR)) {
      return SparseContent.ofContent(extended, this::storedBlock);
    }
    return extended.containsKey(SparseContent.MAP) ? SparseContent.ofRecords(extended) : null;
  }

  private byte[] moreOfHeader() throws IOException {
    var more = in.readNBytes(BLOCK);
    if (more.length < BLOCK) {
      throw broken("it ends within a header");
    }
    return more;
  }

  private byte[] storedBlock() throws IOException {
    var bytes = moreOfHeader();
    if (left < BLOCK) {
      throw broken("the map of a sparse file is longer than the file");
    }
    left -= BLOCK;
    return bytes;
  }

  private TarEntry.Type type(String name) {
    return switch ((char) block[156]) {
      case '0', '\0', '7', 'S' -> name.endsWith("/") ? TarEntry.Type.DIRECTORY : TarEntry.Type.FILE;
      case '1' -> TarEntry.Type.HARD_LINK;
      case '2' -> TarEntry.Type.SYMLINK;
      case '3' -> TarEntry.Type.CHARACTER_DEVICE;
      case '4' -> TarEntry.Type.BLOCK_DEVICE;
      case '5' -> TarEntry.Type.DIRECTORY;
      case '6' -> TarEntry.Type.FIFO;
      default -> throw unsupported(name, "entries of type '" + (char) (block[156] & 0xff) + "'");
    };
  }

  private static SortedMap<String, String> xattrs(Map<String, byte[]> extended) {
    var prefix = "SCHILY.xattr.";
    SortedMap<String, String> xattrs = Collections.emptySortedMap();
    for (var record : extended.entrySet()) {
      if (record.getKey().startsWith(prefix) && record.getKey().length() > prefix.length()) {
        xattrs = xattrs.isEmpty() ? new TreeMap<>() : xattrs;
        xattrs.put(
            record.getKey().substring(prefix.length()), new String(record.getValue(), ISO_8859_1));
      }
    }
    return xattrs;
  }

  /** The name in the header; only POSIX has a prefix there, GNU has times in its place. */
  private String plainName() {
    var name = text(0, 100);
    var magic = new String(block, 257, 6, ISO_8859_1);
    if (!magic.equals("ustar\0")) {
      return name;
    }
    var isStar = new String(block, 508, 4, ISO_8859_1).equals("tar\0");
    var prefix = text(345, isStar ? 131 : 155);
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  private String text(int at, int room) {
    var length = 0;
    while (length < room && block[at + length] != 0) {
      length++;
    }
    return FileNames.decode(block, at, length);
  }

  /** Octal digits, or with the highest bit set a binary number (GNU). */
  private long number(int at, int room) {
    return number(block, at, room);
  }

  private static long number(byte[] block, int at, int room) {
    if ((block[at] & 0x80) != 0) {
      return binary(block, at, room);
    }
    long value = 0;
    var ended = false;
    for (var i = at; i < at + room; i++) {
      var b = block[i];
      if (b >= '0' && b <= '7' && !ended) {
        value = (value << 3) | (b - '0');
      } else if (b == 0 || b == ' ') {
        ended = ended || value > 0 || (i > at && block[i - 1] == '0');
      } else {
        throw broken("a number in a header is none");
      }
    }
    return value;
  }

  private static long binary(byte[] block, int at, int room) {
    var negative = (block[at] & 0x40) != 0;
    long value = negative ? block[at] : block[at] & 0x3f;
    for (var i = at + 1; i < at + room; i++) {
      var high = value >> 55;
      if (high != 0 && high != -1) {
        throw broken("a number in a header is too large");
      }
      value = (value << 8) | (block[i] & 0xff);
    }
    return value;
  }

  private static long checkRange(String what, long value, long limit) {
    if (value < 0 || value > limit) {
      throw broken(what + " " + value + " of an entry is out of range");
    }
    return value;
  }

  static FailureException broken(String what) {
    return Failure.of(
            "tar-broken",
            "The tar cannot be read: " + what + ".",
            "Make the archive, or push the image, again.")
        .toException();
  }

  private static FailureException unsupported(String name, String what) {
    return Failure.of(
            "tar-entry-unsupported",
            "The tar's entry " + name + " cannot be read: " + what + " are not supported yet.",
            "Make the archive without them, with tar --format=pax for instance.")
        .toException();
  }
}
