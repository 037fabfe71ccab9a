package dev.birgus.executor.layer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Layers far larger than most, in a heap of 200 MB. What takes minutes is run with {@code
 * -Dbirgus.large=true} only.
 */
class LargeLayersTest {

  private static final boolean ALL = Boolean.getBoolean("birgus.large");

  @TempDir Path folder = Path.of("");

  @BeforeEach
  void needsRoot() throws IOException {
    LayerTests.assumeRoot(folder);
    Files.createDirectory(folder.resolve("upper"));
  }

  private void packAndUnpack() throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx200m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                LargeLayer.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .start();
    var output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    System.out.println(output.strip());
    LayerTests.run(folder, "rm", "-rf", "upper", "blobs");
  }

  private void fill(int directories, int files) throws IOException, InterruptedException {
    LayerTests.run(
        folder.resolve("upper"),
        "bash",
        "-ec",
        "seq "
            + directories
            + " | xargs mkdir; [ "
            + files
            + " = 0 ] || for d in $(seq "
            + directories
            + "); do (cd $d; seq -f file-with-a-usual-name-%.0f "
            + files
            + " | xargs touch); done");
  }

  @Test
  void thirtyTwoThousandDirectoriesInOne() throws Exception {
    fill(32_000, 0);
    packAndUnpack();
  }

  @Test
  void aMillionFilesInAThousandDirectories() throws Exception {
    assumeTrue(ALL, "takes minutes: -Dbirgus.large=true");
    fill(1000, 1000);
    packAndUnpack();
  }

  @Test
  void aMillionFilesInOneDirectory() throws Exception {
    assumeTrue(ALL, "takes minutes: -Dbirgus.large=true");
    fill(1, 1_000_000);
    packAndUnpack();
  }

  @Test
  void aSparseFileOfMoreThanEightGigabytes() throws Exception {
    assumeTrue(ALL, "takes minutes: -Dbirgus.large=true");
    try (var file = new RandomAccessFile(folder.resolve("upper/sparse").toFile(), "rw")) {
      file.setLength(9L << 30);
      file.seek(5L << 30);
      file.write(1);
    }
    packAndUnpack();
  }
}
