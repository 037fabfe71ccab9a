package dev.birgus.cli.endtoend;

import static java.util.Objects.requireNonNull;

import dev.birgus.cli.BirgusInProcess;
import dev.birgus.cli.Main;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The birgus command, run in a process of its own with a small heap. */
final class BirgusProcess {

  /** How a run ended and what it printed. */
  record Outcome(int exitCode, String out, String err) {
    /** Everything printed, for messages of assertions. */
    String all() {
      return "exit code " + exitCode + "\n--- out\n" + out + "\n--- err\n" + err;
    }
  }

  private final Path state;
  private final Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private final List<String> starter = new ArrayList<>();
  private final List<String> jvmFlags =
      new ArrayList<>(
          List.of(
              "-Xmx256m",
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1",
              "-XX:+ExitOnOutOfMemoryError",
              "--enable-native-access=ALL-UNNAMED"));

  /** A command that keeps what it knows in one folder and runs in another. */
  BirgusProcess(Path state, Path folder) {
    this.state = state;
    this.folder = folder;
  }

  BirgusProcess with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** Started by another program, which gets the command as its last arguments. */
  BirgusProcess under(String... program) {
    starter.addAll(List.of(program));
    return this;
  }

  BirgusProcess withHeap(String flag) {
    jvmFlags.add(flag);
    return this;
  }

  /** Runs to the end. */
  Outcome run(String... arguments) throws IOException, InterruptedException {
    var out = Files.createTempFile("birgus", ".out");
    var err = Files.createTempFile("birgus", ".err");
    try {
      var process =
          builder(arguments).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      var code = process.waitFor();
      return new Outcome(code, text(out), text(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  /** Starts the command with both outputs on one stream. */
  Process start(String... arguments) throws IOException {
    return builder(arguments).redirectErrorStream(true).start();
  }

  private ProcessBuilder builder(String... arguments) {
    // Whoever runs the tests in the background may have them ignore the signals of a terminal.
    var command = new ArrayList<>(List.of("env", "--default-signal=INT,TERM"));
    command.addAll(starter);
    command.add(Path.of(requireNonNull(System.getProperty("java.home")), "bin/java").toString());
    command.addAll(jvmFlags);
    command.addAll(List.of("-cp", requireNonNull(System.getProperty("java.class.path"))));
    command.add(Main.class.getName());
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    var variables = builder.environment();
    variables.remove("DOCKER_CONFIG");
    variables.put("LC_ALL", "C.UTF-8");
    variables.put("BIRGUS_STATE_DIR", state.toString());
    variables.putAll(BirgusInProcess.withStorage(environment));
    return builder;
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
