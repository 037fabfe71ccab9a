package dev.birgus.executor.layer;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.birgus.executor.files.FileNames;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Map;

/** The records of a pax extended header: {@code length key=value\n}, the length counting all. */
final class TarRecords {

  /** Far more than there are kinds of records and extended attributes of a file. */
  private static final int MOST = 1000;

  private TarRecords() {}

  /** Refuses records that many headers together would fill the memory with. */
  static void bound(Map<String, byte[]> records, long limit) {
    var size = 0L;
    for (var record : records.entrySet()) {
      size += record.getKey().length() + record.getValue().length;
    }
    if (records.size() > MOST || size > limit) {
      throw TarReader.broken(
          "extended headers with "
              + records.size()
              + " records of "
              + size
              + " bytes are more than the "
              + MOST
              + " of "
              + limit
              + " bytes allowed");
    }
  }

  /** Adds the records to what is known; an empty value takes one away. */
  static void parse(byte[] bytes, Map<String, byte[]> records) {
    var map = new ByteArrayOutputStream();
    for (var at = 0; at < bytes.length; ) {
      var space = at;
      var length = 0;
      while (space < bytes.length && bytes[space] >= '0' && bytes[space] <= '9' && space < at + 9) {
        length = length * 10 + bytes[space++] - '0';
      }
      var end = at + length;
      var isRecord =
          space > at
              && space < bytes.length
              && bytes[space] == ' '
              && end > space + 1
              && end <= bytes.length
              && bytes[end - 1] == '\n';
      if (!isRecord) {
        throw TarReader.broken("a record of an extended header is malformed");
      }
      put(bytes, space + 1, end - 1, records, map);
      at = end;
    }
    if (map.size() > 0) {
      records.put(SparseContent.MAP, map.toByteArray());
    }
  }

  /**
   * Takes one record in.
   *
   * @param map of a sparse file, which the oldest form gives number by number
   */
  private static void put(
      byte[] bytes, int start, int end, Map<String, byte[]> records, ByteArrayOutputStream map) {
    var equals = start;
    while (equals < end && bytes[equals] != '=') {
      equals++;
    }
    if (equals == start || equals == end) {
      throw TarReader.broken("a record of an extended header is malformed");
    }
    var key = FileNames.decode(bytes, start, equals - start);
    if (key.equals("GNU.sparse.offset") || key.equals("GNU.sparse.numbytes")) {
      if (map.size() > 0) {
        map.write(',');
      }
      map.write(bytes, equals + 1, end - equals - 1);
    } else if (equals + 1 == end && !key.startsWith("SCHILY.xattr.")) {
      records.remove(key);
    } else {
      records.put(key, Arrays.copyOfRange(bytes, equals + 1, end));
    }
  }

  /** A decimal number of the records, its fraction cut off; another value if there is none. */
  static long number(Map<String, byte[]> records, String key, long otherwise) {
    var bytes = records.get(key);
    if (bytes == null) {
      return otherwise;
    }
    var text = new String(bytes, US_ASCII);
    var dot = text.indexOf('.');
    var whole = dot < 0 ? text : text.substring(0, dot);
    try {
      // What is between two seconds belongs to the earlier one, before 1970 too.
      var floor = dot >= 0 && whole.startsWith("-") && !isZero(text.substring(dot + 1)) ? 1 : 0;
      return Long.parseLong(whole.isEmpty() || whole.equals("-") ? whole + "0" : whole) - floor;
    } catch (NumberFormatException e) {
      throw TarReader.broken(key + " in an extended header is no number");
    }
  }

  private static boolean isZero(String digits) {
    return digits.chars().allMatch(digit -> digit == '0');
  }

  static byte[] untilZero(byte[] bytes) {
    var end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return Arrays.copyOf(bytes, end);
  }
}
