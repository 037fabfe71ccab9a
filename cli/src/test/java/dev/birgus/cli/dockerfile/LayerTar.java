package dev.birgus.cli.dockerfile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.birgus.cli.dockerfile.FileNode.Content;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the tar of a layer, strictly and by the format alone, with nothing of birgus's in it. */
final class LayerTar {

  private static final int BLOCK = 512;
  private static final int START = 256;
  private static final String XATTR = "SCHILY.xattr.";

  private final InputStream in;
  private final byte[] header = new byte[BLOCK];

  /**
   * An entry.
   *
   * @param name readable, see {@link #readable}
   * @param hardLink the name this is another one of; empty for others
   */
  record Entry(String name, FileNode node, String hardLink) {}

  private LayerTar(InputStream in) {
    this.in = in;
  }

  static List<Entry> read(InputStream tar) throws IOException {
    return new LayerTar(tar).entries();
  }

  private List<Entry> entries() throws IOException {
    var entries = new ArrayList<Entry>();
    var extended = new HashMap<String, String>();
    while (next()) {
      var size = extended.containsKey("size") ? Long.parseLong(extended.get("size")) : number(124);
      switch ((char) header[156]) {
        case 'x' -> records(bytes(size), extended);
        case 'g' -> bytes(size);
        case 'L' -> extended.put("path", text(bytes(size)));
        case 'K' -> extended.put("linkpath", text(bytes(size)));
        default -> {
          entries.add(entry(extended, size));
          extended.clear();
        }
      }
    }
    return entries;
  }

  private Entry entry(Map<String, String> extended, long size) throws IOException {
    var prefix = header[257] == 'u' && header[262] == 0 ? field(345, 155) : "";
    var plain = prefix.isEmpty() ? field(0, 100) : prefix + "/" + field(0, 100);
    var name = extended.getOrDefault("path", plain);
    var link = extended.getOrDefault("linkpath", field(157, 100));
    var type = (char) header[156];
    SortedMap<String, String> xattrs = new TreeMap<>();
    extended.forEach((key, value) -> {
      if (key.startsWith(XATTR)) {
        var bytes = value.getBytes(ISO_8859_1);
        xattrs.put(key.substring(XATTR.length()), HexFormat.of().formatHex(bytes));
      }
    });
    var detail =
        switch (type) {
          case '2' -> readable(link);
          case '3', '4' -> number(329) + ":" + number(337);
          default -> "";
        };
    var node =
        new FileNode(
            typeName(type),
            (int) number(100) & 07777,
            whole(extended, "uid", number(108)),
            whole(extended, "gid", number(116)),
            whole(extended, "mtime", number(136)),
            detail,
            xattrs,
            content(type, size));
    return new Entry(readable(name), node, type == '1' ? readable(link) : "");
  }

  private static String typeName(char type) {
    return switch (type) {
      case '0', '\0', '1' -> "file";
      case '2' -> "link";
      case '3' -> "char";
      case '4' -> "block";
      case '5' -> "dir";
      case '6' -> "fifo";
      default -> throw new IllegalArgumentException("type " + type);
    };
  }

  private static long whole(Map<String, String> extended, String key, long plain) {
    var text = extended.get(key);
    if (text == null) {
      return plain;
    }
    var dot = text.indexOf('.');
    return Long.parseLong(dot < 0 ? text : text.substring(0, dot));
  }

  private Content content(char type, long size) throws IOException {
    if (type != '0' && type != '\0') {
      return Content.NONE;
    }
    var sha256 = sha256();
    var start = new byte[(int) Math.min(size, START)];
    var buffer = new byte[64 * 1024];
    for (long at = 0; at < size; ) {
      var read = in.read(buffer, 0, (int) Math.min(buffer.length, size - at));
      if (read < 0) {
        throw new EOFException("in the content of an entry");
      }
      if (at < start.length) {
        System.arraycopy(buffer, 0, start, (int) at, (int) Math.min(read, start.length - at));
      }
      sha256.update(buffer, 0, read);
      at += read;
    }
    in.skipNBytes(-size & (BLOCK - 1));
    var shown = shown(text(start));
    return new Content(size, shown, HexFormat.of().formatHex(sha256.digest()));
  }

  private boolean next() throws IOException {
    if (in.readNBytes(header, 0, BLOCK) < BLOCK) {
      throw new EOFException("the tar has no end");
    }
    for (var b : header) {
      if (b != 0) {
        return true;
      }
    }
    in.skip(Long.MAX_VALUE);
    return false;
  }

  private byte[] bytes(long size) throws IOException {
    var bytes = in.readNBytes((int) size);
    in.skipNBytes(-size & (BLOCK - 1));
    return bytes;
  }

  /** Lengths count bytes, so keys and values stay Latin-1 until they are shown. */
  private static void records(byte[] bytes, Map<String, String> into) {
    var text = text(bytes);
    while (!text.isEmpty()) {
      var space = text.indexOf(' ');
      var length = Integer.parseInt(text.substring(0, space));
      var equals = text.indexOf('=');
      into.put(text.substring(space + 1, equals), text.substring(equals + 1, length - 1));
      text = text.substring(length);
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }

  private String field(int at, int room) {
    var bytes = new ByteArrayOutputStream();
    for (var i = at; i < at + room && header[i] != 0; i++) {
      bytes.write(header[i]);
    }
    return text(bytes.toByteArray());
  }

  private long number(int at) {
    if ((header[at] & 0x80) != 0) {
      long value = 0;
      for (var i = at + 1; i < at + (at == 124 || at == 136 ? 12 : 8); i++) {
        value = value << 8 | (header[i] & 0xff);
      }
      return value;
    }
    var digits = field(at, at == 124 || at == 136 ? 12 : 8).strip();
    return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /**
   * A name in one word: UTF-8 where it is, and percent and two digits for spaces, control
   * characters and bytes that are not UTF-8.
   *
   * @param latin1 its bytes
   */
  static String readable(String latin1) {
    return escaped(latin1, " %");
  }

  private static String shown(String latin1) {
    return escaped(latin1, "%$\"").replace("%0A", "$");
  }

  private static String escaped(String latin1, String escapedToo) {
    var bytes = latin1.getBytes(ISO_8859_1);
    String text;
    var lastPlain = '\uffff';
    try {
      text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException notUtf8) {
      text = latin1;
      lastPlain = '~';
    }
    var name = new StringBuilder();
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (c < ' ' || c == 127 || c > lastPlain || escapedToo.indexOf(c) >= 0) {
        name.append('%').append(HexFormat.of().withUpperCase().toHexDigits((byte) c));
      } else {
        name.append(c);
      }
    }
    return name.toString();
  }
}
