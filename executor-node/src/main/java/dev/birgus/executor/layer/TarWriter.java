package dev.birgus.executor.layer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.birgus.executor.files.FileNames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a tar (POSIX.1-2001 pax interchange format). Equal entries give equal bytes: there are no
 * times of access, no names of owners and no times of writing, and an extended header stands only
 * before an entry the plain one has no room for. Times have whole seconds, as in the layers other
 * builders make.
 */
public final class TarWriter implements AutoCloseable {

  private static final int BLOCK = 512;
  private static final long OCTAL_7 = 07777777L;
  private static final long OCTAL_11 = 077777777777L;

  private final OutputStream out;
  private final byte[] block = new byte[BLOCK];
  private long left;
  private int padding;

  /** Writes to a stream, which is closed with this. */
  public TarWriter(OutputStream out) {
    this.out = out;
  }

  /**
   * Begins an entry. If it has content, exactly that many bytes must be written next.
   *
   * @throws IllegalStateException if content of the entry before is missing
   */
  public void begin(TarEntry entry) throws IOException {
    finishContent();
    var isDirectory = entry.type() == TarEntry.Type.DIRECTORY && !entry.name().endsWith("/");
    var name = FileNames.encode(isDirectory ? entry.name() + "/" : entry.name());
    var link = FileNames.encode(entry.link());
    var split = split(name);
    var records = records(entry, name, link, split >= 0);
    if (records.length > 0) {
      clear();
      put(0, extendedName(name), 100);
      numbers(new long[] {0644, 0, 0, records.length, 0}, 'x');
      finishHeader();
      out.write(records);
      pad(records.length);
    }
    clear();
    put(0, split > 0 ? Arrays.copyOfRange(name, split + 1, name.length) : ascii(name), 100);
    put(157, ascii(link), 100);
    if (split > 0) {
      put(345, Arrays.copyOf(name, split), 155);
    }
    numbers(
        new long[] {entry.mode(), entry.uid(), entry.gid(), entry.size(), entry.seconds()},
        entry.type().flag());
    octal(329, 8, entry.major());
    octal(337, 8, entry.minor());
    finishHeader();
    left = entry.size();
    padding = (int) (-left & (BLOCK - 1));
  }

  /** Writes content of the entry begun last. */
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (length > left) {
      throw new IllegalStateException("more content than the entry has room for");
    }
    out.write(bytes, offset, length);
    left -= length;
  }

  /** Writes the end of the tar. */
  public void finish() throws IOException {
    finishContent();
    out.write(new byte[2 * BLOCK]);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  private void finishContent() throws IOException {
    if (left > 0) {
      throw new IllegalStateException(left + " bytes of content are missing");
    }
    out.write(new byte[padding]);
    padding = 0;
  }

  private void pad(int size) throws IOException {
    out.write(new byte[-size & (BLOCK - 1)]);
  }

  /** Where the name is parted into prefix and rest: 0 if it fits whole, -1 if in no way. */
  private static int split(byte[] name) {
    if (!isAscii(name)) {
      return -1;
    }
    if (name.length <= 100) {
      return 0;
    }
    for (var i = Math.min(155, name.length - 2); i > 0; i--) {
      if (name[i] == '/' && name.length - i - 1 <= 100) {
        return i;
      }
    }
    return -1;
  }

  private static byte[] records(TarEntry entry, byte[] name, byte[] link, boolean nameFits) {
    var records = new TreeMap<String, byte[]>();
    if (!nameFits) {
      records.put("path", name);
    }
    if (link.length > 100 || !isAscii(link)) {
      records.put("linkpath", link);
    }
    putNumber(records, "uid", entry.uid(), OCTAL_7);
    putNumber(records, "gid", entry.gid(), OCTAL_7);
    putNumber(records, "size", entry.size(), OCTAL_11);
    putNumber(records, "mtime", entry.seconds(), OCTAL_11);
    for (var xattr : entry.xattrs().entrySet()) {
      records.put("SCHILY.xattr." + xattr.getKey(), xattr.getValue().getBytes(ISO_8859_1));
    }
    var bytes = new ByteArrayOutputStream();
    records.forEach((key, value) -> writeRecord(bytes, FileNames.encode(key), value));
    return bytes.toByteArray();
  }

  private static void putNumber(Map<String, byte[]> records, String key, long number, long limit) {
    if (number < 0 || number > limit) {
      records.put(key, Long.toString(number).getBytes(US_ASCII));
    }
  }

  /** The length in front of a record counts its own digits. */
  private static void writeRecord(ByteArrayOutputStream bytes, byte[] key, byte[] value) {
    var rest = key.length + value.length + 3;
    var length = rest + Integer.toString(rest).length();
    length = rest + Integer.toString(length).length();
    bytes.writeBytes((length + " ").getBytes(US_ASCII));
    bytes.writeBytes(key);
    bytes.write('=');
    bytes.writeBytes(value);
    bytes.write('\n');
  }

  private static byte[] extendedName(byte[] name) {
    var text = new String(ascii(name), US_ASCII);
    var end = text.endsWith("/") ? text.length() - 1 : text.length();
    return ("PaxHeaders.0/" + text.substring(text.lastIndexOf('/', end - 1) + 1, end))
        .getBytes(US_ASCII);
  }

  private static boolean isAscii(byte[] bytes) {
    for (var b : bytes) {
      if (b < 0) {
        return false;
      }
    }
    return true;
  }

  /** What of a name stands in the plain header; the extended one has all of it. */
  private static byte[] ascii(byte[] bytes) {
    if (isAscii(bytes)) {
      return bytes;
    }
    var kept = new ByteArrayOutputStream();
    for (var b : bytes) {
      if (b > 0) {
        kept.write(b);
      }
    }
    return kept.toByteArray();
  }

  private void clear() {
    Arrays.fill(block, (byte) 0);
  }

  private void put(int at, byte[] bytes, int room) {
    System.arraycopy(bytes, 0, block, at, Math.min(bytes.length, room));
  }

  /** Mode, uid, gid, size and time; one too large stands in the extended header, here is 0. */
  private void numbers(long[] values, char type) {
    octal(100, 8, values[0]);
    octal(108, 8, values[1]);
    octal(116, 8, values[2]);
    octal(124, 12, values[3]);
    octal(136, 12, values[4]);
    block[156] = (byte) type;
  }

  private void octal(int at, int room, long value) {
    var digits = room - 1;
    var rest = value < 0 || value >= 1L << (3 * digits) ? 0 : value;
    for (var i = digits - 1; i >= 0; i--) {
      block[at + i] = (byte) ('0' + (rest & 7));
      rest >>= 3;
    }
  }

  private void finishHeader() throws IOException {
    put(257, new byte[] {'u', 's', 't', 'a', 'r', 0, '0', '0'}, 8);
    var sum = 8 * ' ';
    for (var b : block) {
      sum += b & 0xff;
    }
    octal(148, 7, sum);
    block[155] = ' ';
    out.write(block);
  }
}
