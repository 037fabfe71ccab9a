package dev.birgus.pusher.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where the files of a tar are in it: ustar, with the long names of GNU and pax. Links among them
 * are followed, as docker saves a layer that is there twice.
 */
final class TarIndex implements SavedFiles {

  private static final int BLOCK = 512;
  private static final int LONGEST_EXTENSION = 1 << 20;
  private static final int MOST_LINKS = 10;
  private static final int MOST_FILES = 100_000;

  private final Path tar;
  private final Map<String, Piece> files = new HashMap<>();
  private final Map<String, String> links = new HashMap<>();

  private TarIndex(Path tar) {
    this.tar = tar;
  }

  /**
   * Looks a tar through.
   *
   * @throws IOException if it is none, is cut off, or has files that are too many
   */
  static TarIndex of(Path tar) throws IOException {
    var index = new TarIndex(tar);
    try (var in = Files.newInputStream(tar)) {
      index.read(in, Files.size(tar));
    }
    return index;
  }

  private void read(InputStream in, long size) throws IOException {
    var at = 0L;
    var extensions = new HashMap<String, String>();
    while (at + BLOCK <= size) {
      var header = in.readNBytes(BLOCK);
      at += BLOCK;
      if (isEmpty(header)) {
        return;
      }
      verify(header);
      var type = (char) header[156];
      var length =
          extensions.containsKey("size") ? number(extensions.get("size")) : octal(header, 124, 12);
      if (at + length > size) {
        throw new EOFException("it is cut off");
      }
      if (type == 'x' || type == 'L' || type == 'K') {
        extend(extensions, type, body(in, length));
      } else {
        note(type, header, extensions, new Piece(tar, at, length));
        in.skipNBytes(length);
        extensions.clear();
      }
      var padding = (BLOCK - length % BLOCK) % BLOCK;
      in.skipNBytes(Math.min(padding, size - at - length));
      at += length + padding;
    }
  }

  private static byte[] body(InputStream in, long length) throws IOException {
    if (length > LONGEST_EXTENSION) {
      throw new IOException("a name in it is too long");
    }
    return in.readNBytes((int) length);
  }

  private static void extend(Map<String, String> extensions, char type, byte[] body)
      throws IOException {
    switch (type) {
      case 'L' -> extensions.put("path", text(body, 0, body.length));
      case 'K' -> extensions.put("linkpath", text(body, 0, body.length));
      default -> pax(extensions, body);
    }
  }

  /** Records {@code LENGTH KEY=VALUE\n}, the length being that of the whole record. */
  private static void pax(Map<String, String> extensions, byte[] body) throws IOException {
    var at = 0;
    while (at < body.length) {
      var space = at;
      while (space < body.length && body[space] != ' ') {
        space++;
      }
      var length = number(new String(body, at, space - at, UTF_8));
      if (length < space - at + 3 || at + length > body.length) {
        throw new IOException("a header of it is damaged");
      }
      var record = new String(body, space + 1, (int) (at + length - space - 2), UTF_8);
      var equals = record.indexOf('=');
      if (equals > 0) {
        extensions.put(record.substring(0, equals), record.substring(equals + 1));
      }
      at += (int) length;
    }
  }

  private void note(char type, byte[] header, Map<String, String> extensions, Piece piece)
      throws IOException {
    var name = normal(extensions.getOrDefault("path", name(header)));
    if (files.size() + links.size() >= MOST_FILES) {
      throw new IOException("it has more than " + MOST_FILES + " files");
    }
    switch (type) {
      case '0', '\0' -> files.put(name, piece);
      case '1' -> links.put(name, normal(target(header, extensions)));
      case '2' -> links.put(name, normal(parent(name) + target(header, extensions)));
      default -> {
        // Directories, and what no saved image has.
      }
    }
  }

  private static String target(byte[] header, Map<String, String> extensions) {
    return extensions.getOrDefault("linkpath", text(header, 157, 100));
  }

  private static String name(byte[] header) {
    var name = text(header, 0, 100);
    var prefix = text(header, 257, 5).equals("ustar") ? text(header, 345, 155) : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  private static String parent(String name) {
    return name.substring(0, name.lastIndexOf('/') + 1);
  }

  private static String normal(String name) {
    return Path.of("/").resolve(name).normalize().toString().substring(1);
  }

  private static boolean isEmpty(byte[] header) {
    for (var each : header) {
      if (each != 0) {
        return false;
      }
    }
    return true;
  }

  private static void verify(byte[] header) throws IOException {
    var sum = 0L;
    for (var i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
    }
    if (sum != octal(header, 148, 8)) {
      throw new IOException("it is no tar, or damaged");
    }
  }

  /** A number in octal digits, or, where the first bit is set, in binary. */
  private static long octal(byte[] header, int offset, int length) throws IOException {
    if ((header[offset] & 0x80) != 0) {
      var value = (long) (header[offset] & 0x3f);
      for (var i = offset + 1; i < offset + length; i++) {
        value = (value << 8) | (header[i] & 0xff);
      }
      return checked(value);
    }
    var text = text(header, offset, length).strip();
    try {
      return text.isEmpty() ? 0 : checked(Long.parseLong(text, 8));
    } catch (NumberFormatException _) {
      throw new IOException("it is no tar, or damaged");
    }
  }

  private static long number(String text) throws IOException {
    try {
      return checked(Long.parseLong(text));
    } catch (NumberFormatException _) {
      throw new IOException("a header of it is damaged");
    }
  }

  private static long checked(long value) throws IOException {
    if (value < 0 || value > Long.MAX_VALUE / 4) {
      throw new IOException("a header of it is damaged");
    }
    return value;
  }

  private static String text(byte[] bytes, int offset, int length) {
    var end = offset;
    while (end < offset + length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, offset, end - offset, UTF_8);
  }

  @Override
  public Optional<Piece> find(String name) {
    var found = normal(name);
    for (var hops = 0; hops < MOST_LINKS && links.containsKey(found); hops++) {
      found = links.get(found);
    }
    return Optional.ofNullable(files.get(found));
  }
}
