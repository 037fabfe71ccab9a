package dev.birgus.planner.plan;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Undoes the percent-encoding of a part of a URL. */
final class PercentEncoding {

  private PercentEncoding() {}

  /**
   * The text meant, its bytes being UTF-8.
   *
   * @throws IllegalArgumentException if a percent sign has no two hexadecimal digits
   */
  static String decode(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    var length = 0;
    for (var at = 0; at < bytes.length; at++) {
      if (bytes[at] != '%') {
        bytes[length++] = bytes[at];
        continue;
      }
      if (at + 2 >= bytes.length
          || !HexFormat.isHexDigit(bytes[at + 1])
          || !HexFormat.isHexDigit(bytes[at + 2])) {
        throw new IllegalArgumentException(
            "a percent sign in it has no two hexadecimal digits after it");
      }
      bytes[length++] =
          (byte)
              (HexFormat.fromHexDigit(bytes[at + 1]) << 4 | HexFormat.fromHexDigit(bytes[at + 2]));
      at += 2;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
