package dev.birgus.executor.operation;

import dev.birgus.executor.run.CommandRunner;
import dev.birgus.executor.run.CommandRunner.Invocation;
import dev.birgus.executor.run.ProgramLookup;
import dev.birgus.executor.run.UserLookup;
import dev.birgus.executor.run.UserLookup.Owner;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Operation.Run;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** Runs the command of a RUN. */
final class RunOperation implements OperationRunner<Run> {

  /** What kaniko exits with when a signal ended the command. */
  private static final int KILLED = 255;

  private static final int NOT_EXECUTABLE = 126;
  private static final int NOT_FOUND = 127;
  private static final int SIGNALLED = 128;
  private static final int LARGEST_SIGNAL = 64;

  private final CommandRunner runner;

  RunOperation(CommandRunner runner) {
    this.runner = runner;
  }

  @Override
  public void run(Run operation, StepRoot root) throws IOException, InterruptedException {
    var user = new UserLookup(root.files()).forRun(operation.user());
    var environment = new LinkedHashMap<>(operation.environment());
    environment.putIfAbsent("HOME", user.home());
    root.resources().defaults().forEach(environment::putIfAbsent);
    environment.putAll(root.resources().environment());
    var directory =
        new DirectoryMaker(root.files(), Owner.ROOT, root.now()).make(operation.workingDirectory());
    // A mount may bring the program with it.
    if (root.resources().mounts().isEmpty()
        && !new ProgramLookup(root.files())
            .has(operation.command().getFirst(), environment, directory)) {
      throw missing(operation.command()).toException();
    }
    var tail = new OutputTail();
    var exitCode =
        runner.run(
            new Invocation(
                root.files().root(),
                operation.command(),
                environment,
                directory,
                user.uid(),
                user.gid(),
                user.groups(),
                root.resources().mounts(),
                operation.isolation(),
                root.resources().limits()),
            (error, bytes) -> {
              tail.add(error, bytes);
              root.output().accept(error, bytes);
            });
    if (exitCode != 0) {
      throw failure(operation.command(), exitCode, tail.lines()).toException();
    }
  }

  /** As kaniko, exit code 1: nothing was run that could have one of its own. */
  private static Failure missing(List<String> command) {
    var program = command.getFirst();
    return Failure.of(
        "program-not-found",
        "cannot run " + quoted(command) + ": the image has no program " + program,
        isShell(command)
            ? "use the exec form, RUN [\"program\", \"argument\"], or a base image with a shell"
            : "check its name, and the PATH and packages of the image");
  }

  private static boolean isShell(List<String> command) {
    return command.size() == 3 && command.get(1).equals("-c");
  }

  private static Failure failure(List<String> command, int exitCode, List<String> tail) {
    var signal = exitCode - SIGNALLED;
    var killed = signal > 0 && signal <= LARGEST_SIGNAL;
    return new Failure(
        Failure.COMMAND_FAILED,
        "the command "
            + quoted(command)
            + (killed ? " was ended by signal " + signal : " failed: exit status " + exitCode),
        switch (exitCode) {
          case NOT_FOUND ->
              "a program was not found: check its name, and the PATH and packages of the image";
          case NOT_EXECUTABLE -> "a program cannot be executed: check its mode and its platform";
          default -> killed ? "signal 9 is most often the memory limit" : "";
        },
        Optional.empty(),
        killed ? KILLED : exitCode,
        tail);
  }

  private static String quoted(List<String> command) {
    // A shell form is its shell, -c and the text; the text is what a person knows it by.
    return isShell(command)
        ? "\"" + command.get(2) + "\""
        : "\"" + String.join(" ", command) + "\"";
  }

  /** The last lines a command printed, on both streams. */
  private static final class OutputTail {

    private static final int LINES = 20;
    private static final int LONGEST = 2_000;

    private final Deque<String> lines = new ArrayDeque<>();
    private final LineSplitter output = new LineSplitter(LONGEST, this::push);
    private final LineSplitter errors = new LineSplitter(LONGEST, this::push);

    void add(boolean error, byte[] bytes) {
      (error ? errors : output).add(bytes);
    }

    List<String> lines() {
      output.finish();
      errors.finish();
      return List.copyOf(lines);
    }

    private void push(String line) {
      if (lines.size() == LINES) {
        lines.removeFirst();
      }
      lines.addLast(line);
    }
  }
}
