package dev.birgus.load;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Files to build from: the same bytes every time. */
final class Material {

  static final int SMALL_FILE_BYTES = 4096;

  private static final int PER_FOLDER = 200;

  private Material() {}

  /** Files of this size below {@code files/} in the folder. */
  static void smallFiles(Path folder, int count, int bytes) throws IOException {
    var random = new Random(1);
    for (var i = 0; i < count; i++) {
      var directory = folder.resolve("files/" + i / PER_FOLDER);
      if (i % PER_FOLDER == 0) {
        Files.createDirectories(directory);
      }
      Files.write(directory.resolve("file-" + i), block(random, bytes));
    }
  }

  /** One file of this many MiB. */
  static void largeFile(Path file, int megabytes) throws IOException {
    var random = new Random(2);
    try (var out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      for (var i = 0; i < megabytes; i++) {
        out.write(block(random, 1 << 20));
      }
    }
  }

  /** Bytes that compress to about half: words of a small vocabulary between random ones. */
  static byte[] block(Random random, int size) {
    var bytes = new byte[size];
    random.nextBytes(bytes);
    for (var i = 0; i < size; i++) {
      if ((i / 64) % 3 != 0) {
        bytes[i] = (byte) ('a' + (bytes[i] & 7));
      }
    }
    return bytes;
  }
}
