package dev.birgus.cli.doctor;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.run.LadderReport;
import dev.birgus.executor.run.Rung;
import java.util.List;
import java.util.Optional;

/**
 * What was found out about this machine.
 *
 * @param process who we are and what we may do
 * @param asked the rung that was asked for; empty for the highest that works
 * @param ladder how commands can be run
 * @param storage where things are kept
 * @param limits what a command can be limited to
 * @param programs of the machine that builds may need
 */
public record Diagnosis(
    Versions versions,
    ProcessFacts process,
    Optional<Rung> asked,
    LadderReport ladder,
    Storage storage,
    List<Limit> limits,
    List<Program> programs) {

  public Diagnosis {
    requireNonNull(versions, "versions");
    requireNonNull(process, "process");
    requireNonNull(asked, "asked");
    requireNonNull(ladder, "ladder");
    requireNonNull(storage, "storage");
    limits = List.copyOf(limits);
    programs = List.copyOf(programs);
  }

  /** What runs here: birgus, the JVM, the kernel, and the platform images are made for. */
  public record Versions(String birgus, String java, String kernel, String platform) {
    public Versions {
      requireNonNull(birgus, "birgus");
      requireNonNull(java, "java");
      requireNonNull(kernel, "kernel");
      requireNonNull(platform, "platform");
    }
  }

  /**
   * The state folder.
   *
   * @param folder its path
   * @param type of its file system; empty if the folder cannot be used
   * @param free bytes, 0 or more
   * @param total bytes, 0 or more
   * @param way how stages get their root, as {@code --storage} has it; empty if they get none
   * @param reason what stands against the better way; empty for nothing
   */
  public record Storage(
      String folder, String type, long free, long total, String way, String reason) {
    public Storage {
      requireNonNull(folder, "folder");
      requireNonNull(type, "type");
      requireNonNull(way, "way");
      requireNonNull(reason, "reason");
    }

    /** Whether anything can be kept in it. */
    public boolean usable() {
      return !type.isEmpty() && !way.isEmpty();
    }
  }

  /**
   * Something a command can be limited to.
   *
   * @param reason why it cannot; empty if it can
   */
  public record Limit(String name, String reason) {
    public Limit {
      requireNonNull(name, "name");
      requireNonNull(reason, "reason");
    }
  }

  /**
   * A program of the machine.
   *
   * @param path where it is; empty if it is not there
   * @param purpose what it is for
   */
  public record Program(String name, Optional<String> path, String purpose) {
    public Program {
      requireNonNull(name, "name");
      requireNonNull(path, "path");
      requireNonNull(purpose, "purpose");
    }
  }

  /** Whether a Dockerfile with RUN can be built here. */
  public boolean canRun() {
    return ladder.chosen().isPresent() && storage.usable();
  }
}
