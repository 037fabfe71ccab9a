package dev.birgus.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs shell commands in a folder and measures them. */
final class Shell {

  private static final String MEASURED =
      """
      import resource, subprocess, sys, time
      start = time.time()
      code = subprocess.call(["bash", "-ec", sys.argv[2]])
      wall = time.time() - start
      used = resource.getrusage(resource.RUSAGE_CHILDREN)
      with open(sys.argv[1], "w") as result:
          cpu = used.ru_utime + used.ru_stime
          result.write("%f %f %f" % (wall, cpu, used.ru_maxrss / 1024))
      sys.exit(code)
      """;

  private final Path folder;
  private final Map<String, String> environment;

  Shell(Path folder, Map<String, String> environment) {
    this.folder = folder;
    this.environment = Map.copyOf(environment);
  }

  /** Runs a command that is not measured. */
  void run(String command) {
    start(List.of("bash", "-ec", command), command);
  }

  /** Runs a command and says what it cost. */
  Sample measure(Side side) {
    try {
      var result = Files.createTempFile(folder, "sample", ".txt");
      var command = "export RESULT='" + result + "'; " + side.command();
      start(
          side.reportsItself()
              ? List.of("bash", "-ec", command)
              : List.of("python3", "-c", MEASURED, result.toString(), command),
          side.command());
      var parts = Files.readString(result).strip().split(" ");
      Files.delete(result);
      return new Sample(
          Double.parseDouble(parts[0]), Double.parseDouble(parts[1]), Double.parseDouble(parts[2]));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private void start(List<String> command, String shown) {
    try {
      var log = Files.createTempFile("birgus-bench", ".log");
      var builder = new ProcessBuilder(command).directory(folder.toFile());
      builder.environment().putAll(environment);
      builder.redirectErrorStream(true).redirectOutput(log.toFile());
      var code = builder.start().waitFor();
      if (code != 0) {
        var output = Files.readString(log);
        var tail = output.substring(Math.max(0, output.length() - 2000));
        Files.delete(log);
        throw new IllegalStateException(shown + "\nended with " + code + ":\n" + tail);
      }
      Files.delete(log);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", stopped);
    }
  }
}
