package dev.birgus.executor.run;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.StepLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The control groups one command is put into, so that it and its descendants together keep to their
 * limits. They are below the groups of this process, in version 1 or 2 or both at once, as the
 * machine has them, and gone when the command is over.
 */
final class StepCgroup implements AutoCloseable {

  private static final AtomicLong NUMBERS = new AtomicLong();
  private static final String PREFIX = "birgus-step-";
  private static final int ATTEMPTS = 200;

  private final StepLimits limits;
  private final Set<Path> groups = new LinkedHashSet<>();
  private Optional<Path> memory = Optional.empty();
  private Optional<Path> processes = Optional.empty();

  private StepCgroup(StepLimits limits) {
    this.limits = limits;
  }

  /**
   * Makes the groups that limits need; none if there are none.
   *
   * @throws FailureException {@code limit-not-possible} if this machine does not let us
   */
  static StepCgroup make(StepLimits limits) {
    var made = new StepCgroup(limits);
    try {
      if (limits.memory().isPresent()) {
        made.limitMemory(Cgroups.ofThisProcess(), limits.memory().getAsLong());
      }
      if (limits.processes().isPresent()) {
        made.limitProcesses(Cgroups.ofThisProcess(), limits.processes().getAsLong());
      }
      return made;
    } catch (IOException refused) {
      made.close();
      var flag = made.memory.isEmpty() && limits.memory().isPresent() ? "memory" : "pids";
      throw Failure.of(
              "limit-not-possible",
              "--step-" + flag + " cannot be kept on this machine: " + reason(refused),
              "leave the flag out and limit the container as a whole, or let birgus write to its"
                  + " control groups: a privileged container has them writable")
          .toException(refused);
    }
  }

  private static String reason(IOException refused) {
    return refused.getClass() == IOException.class
        ? String.valueOf(refused.getMessage())
        : refused.toString().replaceFirst("^[a-z.]*", "");
  }

  private void limitMemory(Cgroups cgroups, long bytes) throws IOException {
    var group = group(cgroups, "memory");
    if (Files.exists(group.resolve("memory.max"))) {
      Files.writeString(group.resolve("memory.max"), "" + bytes);
      writeIfThere(group.resolve("memory.swap.max"), "0");
      // The command ends as a whole, instead of losing some process nobody waits for.
      writeIfThere(group.resolve("memory.oom.group"), "1");
    } else {
      Files.writeString(group.resolve("memory.limit_in_bytes"), "" + bytes);
      writeIfThere(group.resolve("memory.memsw.limit_in_bytes"), "" + bytes);
    }
    memory = Optional.of(group);
  }

  private void limitProcesses(Cgroups cgroups, long count) throws IOException {
    var group = group(cgroups, "pids");
    Files.writeString(group.resolve("pids.max"), "" + count);
    processes = Optional.of(group);
  }

  private Path group(Cgroups cgroups, String controller) throws IOException {
    var parent = cgroups.parentFor(controller);
    var number = groups.stream().filter(each -> parent.equals(each.getParent())).findFirst();
    if (number.isPresent()) {
      return number.get();
    }
    removeLeftovers(parent);
    var group =
        parent.resolve(PREFIX + ProcessHandle.current().pid() + "-" + NUMBERS.incrementAndGet());
    Files.createDirectory(group);
    groups.add(group);
    return group;
  }

  /** Groups of nodes that were killed; one that still has a process is kept by the kernel. */
  private static void removeLeftovers(Path parent) throws IOException {
    try (var groups = Files.newDirectoryStream(parent, PREFIX + "[0-9]*-*")) {
      for (var each : groups) {
        var name = each.getFileName().toString();
        var process = name.substring(PREFIX.length(), name.lastIndexOf('-'));
        if (!Files.exists(Path.of("/proc", process))) {
          try {
            Files.delete(each);
          } catch (IOException inUse) {
            // Somebody else's, or gone already.
          }
        }
      }
    }
  }

  private static void writeIfThere(Path file, String value) throws IOException {
    if (Files.exists(file)) {
      Files.writeString(file, value);
    }
  }

  /** Where the number of a process is written to put it into the groups. */
  List<Path> members() {
    return groups.stream().map(group -> group.resolve("cgroup.procs")).toList();
  }

  /** Which limit stopped the command, in words, if one did. */
  Optional<String> exceeded() {
    var reached = new ArrayList<String>();
    memory
        .filter(group ->
            count(group, "memory.events", "oom_kill")
                    + count(group, "memory.oom_control", "oom_kill")
                > 0)
        .ifPresent(_ ->
            reached.add(
                "the command was killed: it used more memory than --step-memory allows, "
                    + number(limits.memory())
                    + " bytes"));
    processes
        .filter(group -> count(group, "pids.events", "max") > 0)
        .ifPresent(_ ->
            reached.add(
                "the command could not start a process: --step-pids allows "
                    + number(limits.processes())
                    + " at a time"));
    return reached.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", reached));
  }

  private static long number(OptionalLong limit) {
    return limit.orElse(0);
  }

  /** A number of a file that has a name and a number on each line. */
  private static long count(Path group, String file, String name) {
    try {
      for (var line : Files.readAllLines(group.resolve(file))) {
        if (line.startsWith(name + " ")) {
          return Long.parseLong(line.substring(name.length() + 1).strip());
        }
      }
    } catch (IOException missing) {
      // The other version of control groups has other files.
    }
    return 0;
  }

  /** The processes are dead, but their groups may not have noticed yet. */
  @Override
  public void close() {
    for (var group : groups) {
      for (var i = 0; i < ATTEMPTS && Files.exists(group); i++) {
        try {
          Files.deleteIfExists(group);
        } catch (IOException busy) {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
      }
    }
    groups.clear();
  }
}
