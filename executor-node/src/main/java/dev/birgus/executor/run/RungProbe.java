package dev.birgus.executor.run;

import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.run.CommandRunner.Invocation;
import dev.birgus.executor.run.LadderReport.Attempt;
import dev.birgus.infra.blobs.DiskSpace;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Isolation;
import dev.birgus.infra.contracts.StepLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Tries a rung by running a command on it, in a root of two files. The command looks whether it
 * finds what commands need: devices, /proc where the rung promises it, and other users.
 */
final class RungProbe {

  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final int NOT_FOUND = 127;

  private final CommandRunners runners;
  private final Path folder;

  /** Probes in new directories of this folder, which is made if need be. */
  RungProbe(CommandRunners runners, Path folder) {
    this.runners = runners;
    this.folder = folder;
  }

  Attempt attempt(Rung rung) throws InterruptedException {
    var begun = System.nanoTime();
    var advice = rung.advice();
    Optional<String> reason;
    try {
      switch (runners.on(rung)) {
        case CommandRunners.Found(var runner, var launcher) ->
            reason = reason(rung, runner, launcher);
        case CommandRunners.Missing(var why, var instead) -> {
          reason = Optional.of(why);
          advice = instead;
        }
      }
    } catch (IOException failed) {
      reason = Optional.of(failed.toString());
    }
    var elapsed = Duration.ofNanos(System.nanoTime() - begun);
    return new Attempt(rung, reason, elapsed, reason.isEmpty() ? "" : advice);
  }

  /** Why it does not work; empty if it does. */
  private Optional<String> reason(Rung rung, CommandRunner runner, @Nullable Launcher launcher)
      throws InterruptedException {
    try {
      // In place there is no root to try it in but the node's own, and that is not touched yet.
      return rung == Rung.INPLACE ? Optional.empty() : tryIn(rung, runner, launcher);
    } catch (NotPreparedException failed) {
      return Optional.of(String.valueOf(failed.getMessage()));
    } catch (FailureException failed) {
      return Optional.of(
          failed.getCause() instanceof NotPreparedException cause
              ? String.valueOf(cause.getMessage())
              : failed.failure().message());
    } catch (IOException failed) {
      // That says nothing of the rung, and no rung below would do better.
      var full = DiskSpace.failure("a command to try isolation with", folder, failed);
      if (full.isPresent()) {
        throw full.get().toException(failed);
      }
      return Optional.of(failed.toString());
    }
  }

  private Optional<String> tryIn(Rung rung, CommandRunner runner, @Nullable Launcher launcher)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    var root = Files.createTempDirectory(folder, "probe-");
    try {
      var etc = Files.createDirectory(root.resolve("etc"));
      Files.writeString(etc.resolve("hostname"), "probe\n");
      if (launcher != null) {
        Files.copy(launcher.program(), root.resolve("check"), StandardCopyOption.COPY_ATTRIBUTES);
      }
      return run(rung, runner, root, launcher != null);
    } finally {
      try (var files = LinuxFileSystem.open(folder)) {
        files.remove(root.getFileName().toString());
      }
    }
  }

  private static Optional<String> run(Rung rung, CommandRunner runner, Path root, boolean canCheck)
      throws IOException, InterruptedException {
    var printed = new ByteArrayOutputStream();
    var command =
        rung == Rung.CHROOT ? List.of("/check", "check") : List.of("/check", "check", "proc");
    var invocation =
        new Invocation(
            root,
            command,
            Map.of(),
            "/",
            0,
            0,
            List.of(),
            List.of(),
            Isolation.DEFAULT,
            new StepLimits(OptionalLong.empty(), OptionalLong.empty(), Optional.of(LIMIT)));
    var exitCode = runner.run(invocation, (_, bytes) -> printed.writeBytes(bytes));
    // Without a program of our own, a command that is not found has been looked for, which will do.
    if (exitCode == (canCheck ? 0 : NOT_FOUND)) {
      return Optional.empty();
    }
    var text = printed.toString(StandardCharsets.UTF_8).strip().replace("\n", "; ");
    return Optional.of(text.isEmpty() ? "exit status " + exitCode : text);
  }
}
