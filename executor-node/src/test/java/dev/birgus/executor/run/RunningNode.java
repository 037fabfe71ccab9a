package dev.birgus.executor.run;

import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.infra.contracts.Isolation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A process that runs a command in the root it is given, until somebody kills it. */
final class RunningNode {

  private RunningNode() {}

  /** With a root alone by util-linux, with a program and a rung by the launcher. */
  private static CommandRunner runner(String[] arguments) {
    var settings = NamespaceCommandRunner.Settings.DEFAULT;
    return arguments.length == 1
        ? new NamespaceCommandRunner(LinuxFileSystem::open, settings)
        : new LauncherCommandRunner(
            LinuxFileSystem::open,
            new Launcher(Path.of(arguments[1])),
            Rung.named(arguments[2]).orElseThrow(),
            settings);
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    var runner = runner(arguments);
    runner.run(
        new CommandRunner.Invocation(
            Path.of(arguments[0]),
            List.of("sh", "-c", "setsid sleep 4713 & echo ready; sleep 4713"),
            Map.of("PATH", "/bin"),
            "/",
            0,
            0,
            List.of(),
            List.of(),
            Isolation.DEFAULT),
        (_, bytes) -> {
          System.out.writeBytes(bytes);
          System.out.flush();
        });
  }
}
