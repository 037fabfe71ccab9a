package dev.birgus.infra.registry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Small archives for tests. */
final class Archives {

  private Archives() {}

  /** A tar of one file, {@code hello}. */
  static byte[] tar() {
    var header = new byte[512];
    put(header, 0, "hello");
    put(header, 100, "0000644\0");
    put(header, 108, "0000000\0");
    put(header, 116, "0000000\0");
    put(header, 124, "00000000005\0");
    put(header, 136, "00000000000\0");
    put(header, 148, "        ");
    put(header, 156, "0");
    put(header, 257, "ustar\00000");
    var sum = 0;
    for (var b : header) {
      sum += b & 0xff;
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    var tar = new ByteArrayOutputStream();
    tar.writeBytes(header);
    var content = new byte[512];
    put(content, 0, "world");
    tar.writeBytes(content);
    tar.writeBytes(new byte[1024]);
    return tar.toByteArray();
  }

  static Path gzipTar(Path file) throws IOException {
    try (var output = new GZIPOutputStream(Files.newOutputStream(file))) {
      output.write(tar());
    }
    return file;
  }

  private static void put(byte[] block, int at, String text) {
    var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }
}
