package dev.birgus.executor.files;

import java.util.Arrays;
import java.util.Comparator;

/**
 * File names as text. Linux names are bytes, most of them UTF-8: a byte that is not part of valid
 * UTF-8 becomes the lone surrogate U+DC00 plus its value, and comes back as that byte. So every
 * name has one text and every text of a name its bytes.
 */
public final class FileNames {

  /** Orders names by their bytes, unsigned, the way {@code LC_ALL=C sort} does. */
  public static final Comparator<String> BY_BYTES = FileNames::compare;

  private static final int ESCAPE = 0xDC00;

  private FileNames() {}

  /** The text of a name. */
  public static String decode(byte[] name) {
    return decode(name, 0, name.length);
  }

  /** The text of a name that is part of an array. */
  public static String decode(byte[] bytes, int offset, int length) {
    var end = offset + length;
    var text = new StringBuilder(length);
    for (var i = offset; i < end; ) {
      var size = bytes[i] >= 0 ? 1 : sequence(bytes, i, end);
      if (size == 1) {
        text.append((char) bytes[i]);
      } else if (size == 0) {
        text.append((char) (ESCAPE + (bytes[i] & 0xff)));
        size = 1;
      } else {
        text.appendCodePoint(codePoint(bytes, i, size));
      }
      i += size;
    }
    return text.toString();
  }

  /**
   * The bytes of a name.
   *
   * @throws IllegalArgumentException if the text holds a surrogate no byte stands behind
   */
  public static byte[] encode(String text) {
    var bytes = new byte[text.length() * 3];
    var size = 0;
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (c < 0x80) {
        bytes[size++] = (byte) c;
      } else if (c >= ESCAPE + 0x80 && c <= ESCAPE + 0xff) {
        bytes[size++] = (byte) (c - ESCAPE);
      } else if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        size = put(bytes, size, Character.toCodePoint(c, text.charAt(++i)));
      } else if (Character.isSurrogate(c)) {
        throw new IllegalArgumentException("not the text of a file name: " + text);
      } else {
        size = put(bytes, size, c);
      }
    }
    return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
  }

  private static int put(byte[] bytes, int at, int codePoint) {
    var more = codePoint < 0x800 ? 1 : codePoint < 0x10000 ? 2 : 3;
    bytes[at] = (byte) ((0xff << (7 - more)) | (codePoint >> (6 * more)));
    for (var i = 1; i <= more; i++) {
      bytes[at + i] = (byte) (0x80 | ((codePoint >> (6 * (more - i))) & 0x3f));
    }
    return at + more + 1;
  }

  /** The length of the valid sequence here, 2 to 4; 0 if there is none (RFC 3629). */
  private static int sequence(byte[] bytes, int at, int end) {
    var first = bytes[at] & 0xff;
    var size = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (size == 0 || at + size > end) {
      return 0;
    }
    for (var i = 1; i < size; i++) {
      if ((bytes[at + i] & 0xc0) != 0x80) {
        return 0;
      }
    }
    var point = codePoint(bytes, at, size);
    var shortest = size == 2 ? 0x80 : size == 3 ? 0x800 : 0x10000;
    var surrogate = point >= 0xd800 && point <= 0xdfff;
    return point < shortest || point > 0x10ffff || surrogate ? 0 : size;
  }

  private static int codePoint(byte[] bytes, int at, int size) {
    var point = bytes[at] & (0xff >> (size + 1));
    for (var i = 1; i < size; i++) {
      point = (point << 6) | (bytes[at + i] & 0x3f);
    }
    return point;
  }

  private static int compare(String a, String b) {
    var length = Math.min(a.length(), b.length());
    for (var i = 0; i < length; i++) {
      var x = a.charAt(i);
      var y = b.charAt(i);
      if (x != y) {
        return x < 0x80 && y < 0x80 ? x - y : Arrays.compareUnsigned(encode(a), encode(b));
      }
    }
    return a.length() - b.length();
  }
}
