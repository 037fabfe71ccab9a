package dev.birgus.infra.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;

/** A file system that is soon full. */
public final class SmallDisk implements AutoCloseable {

  private final Path place;

  private SmallDisk(Path place) {
    this.place = place;
  }

  /**
   * Mounts one, or skips the test where that is not allowed.
   *
   * @param size as mount takes it: {@code 128k}
   */
  public static SmallDisk mount(Path place, String size) throws IOException, InterruptedException {
    var mount =
        new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=" + size, "none", place.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assumeTrue(mount.waitFor() == 0, "needs the right to mount a tmpfs");
    return new SmallDisk(place);
  }

  @Override
  public void close() throws IOException {
    try {
      new ProcessBuilder("umount", "-l", place.toString()).inheritIO().start().waitFor();
    } catch (InterruptedException interrupted) {
      throw new IOException(interrupted);
    }
  }
}
