package dev.birgus.pusher.samples;

import dev.birgus.infra.testkit.Need;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A program of the machine. Tests that need one that is not installed are skipped by its name. */
public final class Tool {

  private Tool() {}

  /** What a program printed, and how it ended. */
  public record Result(int exitCode, String output) {}

  /** Runs a program to its end. */
  public static Result run(String... command) throws IOException, InterruptedException {
    Need.installed(installed(command[0]), command[0]);
    var output = Files.createTempFile("tool", ".out");
    try {
      var process =
          new ProcessBuilder(List.of(command))
              .redirectErrorStream(true)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(output.toFile())
              .start();
      try {
        var code = process.waitFor();
        return new Result(code, Files.readString(output, StandardCharsets.UTF_8));
      } finally {
        process.destroyForcibly();
      }
    } finally {
      Files.delete(output);
    }
  }

  private static boolean installed(String program) {
    return List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin").stream()
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }
}
