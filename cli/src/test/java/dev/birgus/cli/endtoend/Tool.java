package dev.birgus.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.birgus.infra.testkit.Need;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Programs of other people that tests use. */
public final class Tool {

  private static final List<String> FOLDERS =
      List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin");

  private Tool() {}

  /** Skips or fails the test, by name, where a program is missing. */
  public static void need(String... programs) {
    for (var program : programs) {
      Need.installed(
          FOLDERS.stream().anyMatch(folder -> Files.isExecutable(Path.of(folder, program))),
          program);
    }
  }

  /** Skips the test where it does not run as root. */
  public static void needRoot() {
    assumeTrue("root".equals(System.getProperty("user.name")), "not root");
  }

  /** Runs a shell command that must succeed, and gives its standard output. */
  public static String sh(Path folder, String command) throws IOException, InterruptedException {
    var err = Files.createTempFile("tool", ".err");
    try {
      var process =
          new ProcessBuilder("bash", "-ec", command)
              .directory(folder.toFile())
              .redirectError(err.toFile())
              .start();
      var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      var code = process.waitFor();
      assertThat(code).as("%s%n%s%n%s", command, out, Files.readString(err)).isZero();
      return out;
    } finally {
      Files.delete(err);
    }
  }
}
