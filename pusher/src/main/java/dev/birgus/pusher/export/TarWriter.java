package dev.birgus.pusher.export;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes a tar of regular files (POSIX ustar) that says nothing of who made it and when: mode 0644,
 * owner and group 0, time 0. Sizes of 8 GiB and more are written in base 256, as GNU tar does.
 *
 * <p>The standard format asks for no more than this, so no tar library is on the start path.
 */
final class TarWriter {

  private static final int BLOCK = 512;
  private static final int NAME_LENGTH = 100;
  private static final long LARGEST_OCTAL = (1L << 33) - 1;

  private final OutputStream out;

  /** Writes to a stream, which stays open. */
  TarWriter(OutputStream out) {
    this.out = requireNonNull(out, "out");
  }

  /** Adds a file whose content must be exactly as long as said. */
  void add(String name, long size, OutputFile.Content content)
      throws IOException, InterruptedException {
    out.write(header(name, size));
    content.writeTo(out);
    var rest = (int) (size % BLOCK);
    if (rest > 0) {
      out.write(new byte[BLOCK - rest]);
    }
  }

  /** Adds a small file. */
  void add(String name, byte[] content) throws IOException, InterruptedException {
    add(name, content.length, to -> to.write(content));
  }

  /** Writes the end of the archive. */
  void finish() throws IOException {
    out.write(new byte[2 * BLOCK]);
    out.flush();
  }

  private static byte[] header(String name, long size) {
    var header = new byte[BLOCK];
    if (name.length() > NAME_LENGTH) {
      throw new IllegalArgumentException("the name is too long for a tar: " + name);
    }
    ascii(header, 0, name);
    ascii(header, 100, "0000644\0");
    ascii(header, 108, "0000000\0");
    ascii(header, 116, "0000000\0");
    size(header, size);
    ascii(header, 136, "00000000000\0");
    ascii(header, 148, "        ");
    header[156] = '0';
    ascii(header, 257, "ustar\00000");
    ascii(header, 329, "0000000\0");
    ascii(header, 337, "0000000\0");
    checksum(header);
    return header;
  }

  private static void size(byte[] header, long size) {
    if (size <= LARGEST_OCTAL) {
      octal(header, 124, 11, size);
      return;
    }
    for (var i = 0; i < Long.BYTES; i++) {
      header[135 - i] = (byte) (size >>> (8 * i));
    }
    header[124] = (byte) 0x80;
  }

  private static void checksum(byte[] header) {
    var sum = 0;
    for (var value : header) {
      sum += value & 0xff;
    }
    octal(header, 148, 6, sum);
    header[154] = 0;
  }

  private static void octal(byte[] header, int offset, int digits, long value) {
    var rest = value;
    for (var i = digits - 1; i >= 0; i--) {
      header[offset + i] = (byte) ('0' + (rest & 7));
      rest >>>= 3;
    }
  }

  private static void ascii(byte[] header, int offset, String text) {
    var bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, offset, bytes.length);
  }
}
