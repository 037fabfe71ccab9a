package dev.birgus.ingest.context;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.birgus.infra.contracts.ContextEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes the tar a context travels in (POSIX.1-2001 pax): what a plain header cannot hold is a
 * record before it, times with their nanoseconds. What is written depends on the entries alone.
 */
final class ContextTar {

  /** Kinds of entries, as the type flag has them. */
  static final char FILE = '0';

  static final char HARD_LINK = '1';
  static final char SYMBOLIC_LINK = '2';
  static final char DIRECTORY = '5';
  private static final char RECORDS = 'x';

  private static final int BLOCK = 512;
  private static final int LONGEST_NAME = 100;
  private static final long LARGEST_SIZE = 077777777777L;
  private static final long NANOS = 1_000_000_000L;
  private static final int MODE = 0644;

  private final OutputStream out;

  /** A tar on this stream. */
  ContextTar(OutputStream out) {
    this.out = out;
  }

  /**
   * Begins an entry.
   *
   * @param name with a slash at its end if it is a directory
   * @param size of what {@link #content} gets after this
   * @param note a further record, its key and its value; empty for none
   */
  void begin(
      ContextEntry entry, char type, String name, String link, long size, Map<String, String> note)
      throws IOException {
    var records = new LinkedHashMap<String, String>();
    var seconds = Math.floorDiv(entry.modified(), NANOS);
    var nanos = Math.floorMod(entry.modified(), NANOS);
    if (nanos != 0 || seconds < 0 || seconds > LARGEST_SIZE) {
      records.put("mtime", time(seconds, nanos));
    }
    if (!fits(name)) {
      records.put("path", name);
    }
    if (!fits(link)) {
      records.put("linkpath", link);
    }
    if (size > LARGEST_SIZE) {
      records.put("size", Long.toString(size));
    }
    records.putAll(note);
    if (!records.isEmpty()) {
      var bytes = records(records);
      header("records", RECORDS, "", bytes.length, MODE, 0);
      out.write(bytes);
      pad(bytes.length);
    }
    var plainTime = Math.clamp(seconds, 0, LARGEST_SIZE);
    header(name, type, link, size > LARGEST_SIZE ? 0 : size, entry.mode(), plainTime);
  }

  /** Writes some of the content of the entry that was begun. */
  void content(byte[] bytes, int length) throws IOException {
    out.write(bytes, 0, length);
  }

  /** Ends an entry of this size. */
  void end(long size) throws IOException {
    pad(size);
  }

  /** Ends the tar; the stream stays open. */
  void finish() throws IOException {
    out.write(new byte[2 * BLOCK]);
  }

  private static boolean fits(String text) {
    return text.length() <= LONGEST_NAME
        && text.chars().allMatch(character -> character > 0 && character < 0x7f);
  }

  /** Decimal, as the records have it; time goes backwards before the epoch. */
  private static String time(long seconds, long nanos) {
    if (nanos == 0) {
      return Long.toString(seconds);
    }
    var isBefore = seconds < 0;
    var whole = isBefore ? -(seconds + 1) : seconds;
    var fraction = isBefore ? NANOS - nanos : nanos;
    return (isBefore ? "-" : "") + whole + "." + String.format("%09d", fraction);
  }

  /** Each record says how long it is, itself included. */
  private static byte[] records(Map<String, String> records) {
    var bytes = new ByteArrayOutputStream();
    records.forEach((key, value) -> {
      var text = (" " + key + "=" + value + "\n").getBytes(UTF_8);
      var length = text.length + Integer.toString(text.length).length();
      length = text.length + Integer.toString(length).length();
      bytes.writeBytes(Integer.toString(length).getBytes(US_ASCII));
      bytes.writeBytes(text);
    });
    return bytes.toByteArray();
  }

  private void header(String name, char type, String link, long size, int mode, long seconds)
      throws IOException {
    var block = new byte[BLOCK];
    put(block, 0, shortened(name));
    put(block, 100, octal(mode, 7));
    put(block, 108, octal(0, 7));
    put(block, 116, octal(0, 7));
    put(block, 124, octal(size, 11));
    put(block, 136, octal(seconds, 11));
    put(block, 148, "        ");
    block[156] = (byte) type;
    put(block, 157, shortened(link));
    put(block, 257, "ustar\00000");
    put(block, 329, octal(0, 7));
    put(block, 337, octal(0, 7));
    var sum = 0;
    for (var each : block) {
      sum += each & 0xff;
    }
    put(block, 148, octal(sum, 6) + "\0 ");
    out.write(block);
  }

  /** What stands in the header of a name that is in a record: readers without those see it. */
  private static String shortened(String name) {
    if (fits(name)) {
      return name;
    }
    var plain = name.replaceAll("[^\\x20-\\x7e]", "_");
    return plain.substring(0, Math.min(plain.length(), LONGEST_NAME));
  }

  private static String octal(long number, int digits) {
    var text = Long.toOctalString(number);
    return "0".repeat(Math.max(0, digits - text.length())) + text;
  }

  private static void put(byte[] block, int at, String text) {
    var bytes = text.getBytes(US_ASCII);
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }

  private void pad(long size) throws IOException {
    out.write(new byte[(int) Math.floorMod(-size, (long) BLOCK)]);
  }
}
