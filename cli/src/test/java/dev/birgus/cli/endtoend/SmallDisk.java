package dev.birgus.cli.endtoend;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system in memory with little room, mounted for as long as a test needs it. */
record SmallDisk(Path path) implements AutoCloseable {

  /** Mounts one of so many megabytes on a new folder; skips the test where that is not allowed. */
  static SmallDisk mount(Path path, int megabytes) throws IOException, InterruptedException {
    Tool.need("mount", "umount");
    Files.createDirectories(path);
    var mount =
        new ProcessBuilder(
                "mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", path.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assumeTrue(mount.waitFor() == 0, "a tmpfs cannot be mounted here");
    return new SmallDisk(path);
  }

  /** Changes an option of the mount, {@code ro} or {@code nr_inodes=100} for instance. */
  void remount(String option) throws IOException, InterruptedException {
    Tool.sh(Path.of("/"), "mount -o remount," + option + " '" + path + "'");
  }

  /** Leaves no room at all. */
  void fill() throws IOException {
    try (var file = Files.newOutputStream(path.resolve("full"))) {
      while (true) {
        file.write(new byte[4096]);
      }
    } catch (IOException full) {
      if (!String.valueOf(full.getMessage()).contains("No space")) {
        throw full;
      }
    }
  }

  @Override
  public void close() throws IOException {
    try {
      Tool.sh(Path.of("/"), "umount '" + path + "'");
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted before " + path + " was unmounted", stopped);
    }
  }
}
