package dev.birgus.executor.run;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Isolation;
import dev.birgus.infra.contracts.StepLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Runs commands in a root file system that is not the node's own. */
public interface CommandRunner {

  /**
   * A command and what it runs in.
   *
   * @param root the root, mounted and writable
   * @param command program and arguments; the program is looked up in the PATH of the environment,
   *     inside the root
   * @param workingDirectory absolute in the root; it exists
   * @param uid numeric user
   * @param gid numeric group
   * @param groups supplementary groups
   * @param mounts in the order they are mounted
   * @param limits what it may use
   */
  record Invocation(
      Path root,
      List<String> command,
      Map<String, String> environment,
      String workingDirectory,
      long uid,
      long gid,
      List<Long> groups,
      List<Mount> mounts,
      Isolation isolation,
      StepLimits limits) {
    public Invocation {
      command = List.copyOf(command);
      environment = Map.copyOf(environment);
      groups = List.copyOf(groups);
      mounts = List.copyOf(mounts);
      requireNonNull(isolation, "isolation");
      requireNonNull(limits, "limits");
    }

    /** A command without limits. */
    public Invocation(
        Path root,
        List<String> command,
        Map<String, String> environment,
        String workingDirectory,
        long uid,
        long gid,
        List<Long> groups,
        List<Mount> mounts,
        Isolation isolation) {
      this(
          root,
          command,
          environment,
          workingDirectory,
          uid,
          gid,
          groups,
          mounts,
          isolation,
          StepLimits.NONE);
    }

    /** The environment may hold secrets. */
    @Override
    public String toString() {
      return "Invocation[" + root + ", " + command + "]";
    }
  }

  /**
   * Runs the command to its end. Afterwards none of its descendants is alive and nothing it mounted
   * is left. When the calling thread is interrupted the command is ended: SIGTERM, a grace time,
   * SIGKILL.
   *
   * @param output is given what it prints, as it prints it: true and the bytes for standard error
   * @throws dev.birgus.infra.contracts.FailureException {@code isolation-unavailable} if the
   *     command cannot be kept apart, {@code isolation-lacks} if it needs what cannot be done here,
   *     {@code limit-not-possible} if a limit cannot be kept, {@code step-timeout} if it took too
   *     long
   * @return the exit code; 128 and the signal's number if a signal ended it, 127 if the program was
   *     not found, 126 if it could not be executed
   */
  int run(Invocation invocation, BiConsumer<Boolean, byte[]> output)
      throws IOException, InterruptedException;
}
