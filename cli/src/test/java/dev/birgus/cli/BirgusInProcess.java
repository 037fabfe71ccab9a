package dev.birgus.cli;

import dev.birgus.cli.local.Machine;
import dev.birgus.cli.progress.RecordingScreen;
import dev.birgus.infra.oci.Platform;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The birgus command in the process of a test, on a machine the test describes. */
public final class BirgusInProcess {

  private static final int COLUMNS = 200;

  private final Path state;
  private final Map<String, String> environment;

  /** How a run ended and what it printed on both streams. */
  public record Outcome(int exitCode, String printed) {}

  /** A command that keeps what it knows in one folder; its machine is linux/amd64. */
  public BirgusInProcess(Path state, Map<String, String> environment) {
    this.state = state;
    this.environment = withStorage(environment);
  }

  /**
   * The environment with what the system property {@code birgus.storage} says of how roots are
   * kept, so that the same tests can be run with trees.
   */
  public static Map<String, String> withStorage(Map<String, String> environment) {
    var all = new HashMap<String, String>();
    var storage = System.getProperty("birgus.storage");
    if (storage != null) {
      all.put("BIRGUS_STORAGE", storage);
    }
    all.putAll(environment);
    return Map.copyOf(all);
  }

  /** Runs to the end, relative paths belonging to the folder. */
  public Outcome run(Path folder, List<String> arguments) {
    var screen = new RecordingScreen(COLUMNS);
    var machine =
        new Machine(
            environment,
            folder,
            Platform.of("linux", "amd64"),
            ProcessHandle.current().pid(),
            "test",
            true);
    var surroundings = new Surroundings("birgus", machine, state.toString(), false, "", "", false);
    var command = new CommandLine(surroundings, screen, InstantSource.system());
    var code = command.run(arguments);
    return new Outcome(code, screen.output() + screen.errors());
  }
}
