package dev.birgus.executor.run;

import dev.birgus.infra.contracts.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The launcher while a command runs: it is fed, waited for and, if need be, told to end. It ends
 * the command itself: SIGTERM, the grace time, SIGKILL, and then all that is left of it.
 */
final class LauncherProcess {

  /** What the launcher may need beyond the grace time before it counts as stuck. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final int SIGNALLED = 128;

  private final Launcher launcher;
  private final Duration grace;
  private final Optional<Path> swept;

  /**
   * A launcher that has not been started.
   *
   * @param swept the root to sweep if the launcher may have been killed itself; empty where the
   *     kernel ends what it leaves
   */
  LauncherProcess(Launcher launcher, Duration grace, Optional<Path> swept) {
    this.launcher = launcher;
    this.grace = grace;
    this.swept = swept;
  }

  /**
   * Runs a command to its end.
   *
   * @param frame what the launcher is told; wiped afterwards, as there may be secrets in it
   * @param limit after this time the command is ended
   * @throws NotPreparedException if the command was not started
   */
  int run(byte[] frame, OutputPump pump, Optional<Duration> limit)
      throws IOException, InterruptedException {
    var process = new CompletableFuture<@Nullable Process>();
    var outcome = new AtomicReference<@Nullable Object>();
    // The launcher gets a signal when the thread that made it dies: a thread that lives as long as
    // the launcher, which the caller's, perhaps a virtual one, does not promise.
    var parent =
        Thread.ofPlatform()
            .daemon()
            .name("birgus-run")
            .start(() -> outcome.set(attend(frame, pump, process)));
    var inTime = true;
    try {
      if (limit.isPresent()) {
        inTime = parent.join(limit.get());
      } else {
        parent.join();
      }
    } catch (InterruptedException cancelled) {
      end(parent, process);
      throw cancelled;
    }
    if (!inTime) {
      end(parent, process);
      throw timeout(limit.orElseThrow());
    }
    pump.check();
    return switch (outcome.get()) {
      case Integer exitCode -> exitCode(exitCode, pump);
      case IOException failed -> throw failed;
      case null, default -> throw new IllegalStateException("the launching thread died");
    };
  }

  static RuntimeException timeout(Duration limit) {
    return Failure.of(
            "step-timeout",
            "the command was ended: it took longer than " + limit.toMillis() / 1000.0 + " s",
            "make the command faster, or give it more time with --step-timeout")
        .toException();
  }

  private static int exitCode(int exitCode, OutputPump pump) throws NotPreparedException {
    if (pump.isReady()) {
      return exitCode;
    }
    throw new NotPreparedException(
        pump.complaint().isEmpty() ? "exit status " + exitCode : pump.complaint());
  }

  private Object attend(
      byte[] frame, OutputPump pump, CompletableFuture<@Nullable Process> started) {
    try {
      var builder = new ProcessBuilder(List.of(launcher.program().toString(), "run"));
      builder.directory(Path.of("/").toFile()).environment().clear();
      var process = builder.start();
      started.complete(process);
      var output = pump.output(process.getInputStream());
      var errors = pump.errors(process.getErrorStream());
      try (var input = process.getOutputStream()) {
        input.write(frame);
      } catch (IOException gone) {
        // It has ended before it read all: why is in what it printed and in its exit code.
      } finally {
        Arrays.fill(frame, (byte) 0);
      }
      var exitCode = process.waitFor();
      // Who was killed leaves processes that hold the pipes. It looks as if the command had been.
      if (swept.isPresent() && exitCode >= SIGNALLED) {
        new ProcessSweep(launcher).end(swept.get());
      }
      output.join();
      errors.join();
      return exitCode;
    } catch (IOException failed) {
      return failed;
    } catch (InterruptedException neverInterrupted) {
      return new IOException(neverInterrupted);
    } finally {
      started.complete(null);
    }
  }

  private void end(Thread parent, CompletableFuture<@Nullable Process> started) {
    var process = started.join();
    if (process == null) {
      return;
    }
    // Not through Process: that would close the pipes, and the command may have a last word.
    process.toHandle().destroy();
    if (endsWithin(parent, grace.plus(PATIENCE))) {
      return;
    }
    do {
      process.toHandle().destroyForcibly();
    } while (!endsWithin(parent, Duration.ofSeconds(1)));
  }

  /** Waits though the thread has been interrupted: what it started must be over when it goes on. */
  static boolean endsWithin(Thread thread, Duration limit) {
    try {
      return thread.join(limit);
    } catch (InterruptedException again) {
      return !thread.isAlive();
    }
  }
}
