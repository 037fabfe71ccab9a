package dev.birgus.executor.service;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The mounts of this process' namespace (proc(5), mountinfo). */
final class Mounts {

  private static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");
  private static final int MOUNT_POINT = 4;

  private Mounts() {}

  /** Unmounts all that is mounted below a folder, the latest first, if need be lazily. */
  static void unmountBelow(Path folder) throws IOException {
    for (var point : below(folder).reversed()) {
      unmount(point);
    }
  }

  /** The mount points below a folder, in the order they were mounted. */
  static List<String> below(Path folder) throws IOException {
    var prefix = folder + "/";
    var points = new ArrayList<String>();
    for (var line : Files.readAllLines(MOUNTINFO, StandardCharsets.ISO_8859_1)) {
      var fields = line.split(" ");
      if (fields.length > MOUNT_POINT) {
        var point = unescaped(fields[MOUNT_POINT]);
        if (point.startsWith(prefix)) {
          points.add(point);
        }
      }
    }
    return points;
  }

  /** Space, tab, newline and backslash stand there as three octal digits. */
  private static String unescaped(String point) {
    var bytes = new ByteArrayOutputStream();
    for (var i = 0; i < point.length(); i++) {
      if (point.charAt(i) == '\\' && i + 3 < point.length()) {
        bytes.write(Integer.parseInt(point.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        bytes.write(point.charAt(i));
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static void unmount(String point) throws IOException {
    var process =
        new ProcessBuilder("/bin/umount", "-l", point)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectErrorStream(true)
            .start();
    try {
      if (process.waitFor() != 0) {
        throw new IOException("a dead process left " + point + " mounted, and it stays so");
      }
    } catch (InterruptedException cancelled) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while unmounting " + point, cancelled);
    }
  }
}
