package dev.birgus.infra.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Writes tars no decent program would: every field is what the caller says, only the checksums are
 * right, so that readers get far enough to be hurt.
 */
public final class HostileTar {

  private static final int BLOCK = 512;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** An entry with content. */
  public HostileTar file(String name, String content) {
    return entry('0', name, "", content.getBytes(UTF_8));
  }

  /** An entry without content. */
  public HostileTar special(char type, String name, String link) {
    return entry(type, name, link, new byte[0]);
  }

  /** An entry of any type; names are Latin-1 and cut to the field. */
  public HostileTar entry(char type, String name, String link, byte[] content) {
    return header(type, name, link, octal(content.length, 12)).content(content);
  }

  /** A header with these bytes in the field of the size, and nothing after it. */
  public HostileTar header(char type, String name, String link, byte[] size) {
    return header(block(type, name, link, size));
  }

  /** A header as it is, with a checksum. */
  public HostileTar header(byte[] block) {
    Arrays.fill(block, 148, 156, (byte) ' ');
    var sum = 0;
    for (var b : block) {
      sum += b & 0xff;
    }
    put(block, 148, octal(sum, 8));
    bytes.writeBytes(block);
    return this;
  }

  /** Content, filled up to a block. */
  public HostileTar content(byte[] content) {
    bytes.writeBytes(content);
    bytes.writeBytes(new byte[-content.length & (BLOCK - 1)]);
    return this;
  }

  /** An extended header, {@code x} for the next entry or {@code g} for all. */
  public HostileTar records(char type, String... keysAndValues) {
    var text = new StringBuilder();
    for (var i = 0; i < keysAndValues.length; i += 2) {
      var rest = keysAndValues[i].length() + keysAndValues[i + 1].length() + 3;
      var length = rest + Integer.toString(rest).length();
      length = rest + Integer.toString(length).length();
      text.append(length).append(' ').append(keysAndValues[i]).append('=');
      text.append(keysAndValues[i + 1]).append('\n');
    }
    return entry(type, "records", "", text.toString().getBytes(ISO_8859_1));
  }

  /** The bytes up to here, without an end. */
  public byte[] unfinished() {
    return bytes.toByteArray();
  }

  /** The whole tar. */
  public byte[] finished() {
    var end = new ByteArrayOutputStream();
    end.writeBytes(bytes.toByteArray());
    end.writeBytes(new byte[2 * BLOCK]);
    return end.toByteArray();
  }

  /** A header without its checksum. */
  public static byte[] block(char type, String name, String link, byte[] size) {
    var block = new byte[BLOCK];
    put(block, 0, cut(name, 100));
    put(block, 100, octal(0755, 8));
    put(block, 108, octal(0, 8));
    put(block, 116, octal(0, 8));
    put(block, 124, size);
    put(block, 136, octal(1000, 12));
    block[156] = (byte) type;
    put(block, 157, cut(link, 100));
    put(block, 257, "ustar\00000".getBytes(ISO_8859_1));
    put(block, 329, octal(0, 8));
    put(block, 337, octal(0, 8));
    return block;
  }

  /** A number as octal digits that fill a field but for its end. */
  public static byte[] octal(long number, int room) {
    var digits = Long.toOctalString(number);
    var padded = "0".repeat(Math.max(0, room - 1 - digits.length())) + digits;
    return Arrays.copyOf(padded.getBytes(ISO_8859_1), room);
  }

  private static byte[] cut(String text, int room) {
    var field = text.getBytes(ISO_8859_1);
    return Arrays.copyOf(field, Math.min(room, field.length));
  }

  private static void put(byte[] block, int at, byte[] field) {
    System.arraycopy(field, 0, block, at, field.length);
  }

  /**
   * A tar made of tricks, the same for the same seed.
   *
   * @param outside a directory the tar must not reach
   */
  public static byte[] random(long seed, String outside) {
    var random = new Random(seed);
    var tar = new HostileTar();
    for (var i = random.nextInt(1, 25); i > 0; i--) {
      tar.addTrick(random, outside);
    }
    return switch (random.nextInt(6)) {
      case 0 -> Arrays.copyOf(tar.finished(), random.nextInt(tar.finished().length));
      case 1 -> tar.unfinished();
      case 2 -> damaged(tar.finished(), random);
      default -> tar.finished();
    };
  }

  private static byte[] damaged(byte[] tar, Random random) {
    for (var i = 0; i < 3; i++) {
      tar[random.nextInt(tar.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return tar;
  }

  private void addTrick(Random random, String outside) {
    var name = name(random, outside);
    switch (random.nextInt(16)) {
      case 0, 1, 2 -> file(name, "content of " + seedless(name));
      case 3, 4 -> special('2', name, name(random, outside));
      case 5, 6 -> special('1', name, name(random, outside));
      case 7, 8 -> special('5', name, "");
      case 9 -> special("3467".charAt(random.nextInt(4)), name, name(random, outside));
      case 10 -> records(letter("xg", random), key(random), name(random, outside));
      case 11 -> entry(letter("LK", random), "long", "", name(random, outside).getBytes(UTF_8));
      case 12 -> header('0', name, "", oddNumber(random));
      case 13 -> header(oddBlock(random, name));
      case 14 -> records('x', "size", oddText(random)).file(name, "x");
      default ->
          records(
                  'x',
                  "GNU.sparse.map",
                  oddText(random) + "," + oddText(random),
                  "GNU.sparse.size",
                  oddText(random))
              .file(name, "sparse");
    }
  }

  private static String seedless(String name) {
    return name.length() > 40 ? name.substring(0, 40) : name;
  }

  private static char letter(String letters, Random random) {
    return letters.charAt(random.nextInt(letters.length()));
  }

  /** Names from few parts, so that entries meet each other. */
  private static String name(Random random, String outside) {
    var parts =
        List.of(
            "a",
            "b",
            "c",
            "..",
            ".",
            "",
            ".wh.a",
            ".wh.b",
            ".wh..wh..opq",
            ".wh.",
            ".wh..",
            ".wh...",
            ".wh..wh.plnk",
            outside,
            "/etc",
            "\u00ff",
            "n".repeat(255),
            "m".repeat(300));
    var name = new StringBuilder(random.nextInt(4) == 0 ? "/" : "");
    for (var i = random.nextInt(1, 5); i > 0; i--) {
      var common = random.nextInt(3) > 0 ? random.nextInt(4) : random.nextInt(parts.size());
      name.append(parts.get(common)).append(i > 1 || random.nextInt(6) == 0 ? "/" : "");
    }
    return name.toString();
  }

  private static String key(Random random) {
    var keys =
        List.of(
            "path",
            "linkpath",
            "size",
            "uid",
            "gid",
            "mtime",
            "SCHILY.xattr.user.x",
            "SCHILY.xattr.trusted.overlay.opaque",
            "SCHILY.xattr.trusted.overlay.redirect",
            "SCHILY.xattr.security.capability",
            "SCHILY.xattr.system.posix_acl_access",
            "GNU.sparse.name",
            "GNU.sparse.major",
            "GNU.sparse.offset",
            "hdrcharset");
    return keys.get(random.nextInt(keys.size()));
  }

  private static String oddText(Random random) {
    var numbers =
        List.of(
            "0",
            "1",
            "-1",
            "512",
            "9223372036854775807",
            "-9223372036854775808",
            "1e9",
            "",
            "99999999999999999999",
            "4294967296",
            "1152921504606846976",
            "0x10",
            "1.5",
            " 7");
    return numbers.get(random.nextInt(numbers.size()));
  }

  private static byte[] oddNumber(Random random) {
    var field = new byte[12];
    switch (random.nextInt(5)) {
      case 0 -> Arrays.fill(field, (byte) 0xff);
      case 1 -> random.nextBytes(field);
      case 2 -> put(field, 0, octal(077777777777L, 12));
      case 3 -> {
        field[0] = (byte) 0x80;
        field[4] = 0x7f;
      }
      default -> put(field, 0, "-1         ".getBytes(ISO_8859_1));
    }
    return field;
  }

  private static byte[] oddBlock(Random random, String name) {
    var block = block((char) random.nextInt(32, 127), name, name, octal(random.nextInt(3), 12));
    for (var i = 0; i < 4; i++) {
      block[random.nextInt(100, BLOCK)] = (byte) random.nextInt(256);
    }
    return block;
  }
}
