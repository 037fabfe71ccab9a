package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Something that changes a root file system. Every word in it is expanded. */
public sealed interface Operation {

  /**
   * A command run in the stage's root.
   *
   * @param command argument vector, at least the program; a shell form already starts with its
   *     shell
   * @param environment of the command, in order; HOME is added by the executor where it is missing
   * @param workingDirectory absolute
   * @param user name or id, optionally with {@code :group}; empty for root
   * @param mounts what it sees while it runs, in the order they are mounted
   */
  record Run(
      List<String> command,
      Map<String, String> environment,
      String workingDirectory,
      String user,
      List<RunMount> mounts,
      Isolation isolation)
      implements Operation {
    public Run {
      command = List.copyOf(command);
      environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
      requireNonNull(workingDirectory, "workingDirectory");
      requireNonNull(user, "user");
      mounts = List.copyOf(mounts);
      requireNonNull(isolation, "isolation");
      if (command.isEmpty()) {
        throw new IllegalArgumentException("a command needs a program");
      }
    }

    /** A command without mounts, isolated as usual. */
    public Run(
        List<String> command,
        Map<String, String> environment,
        String workingDirectory,
        String user) {
      this(command, environment, workingDirectory, user, List.of(), Isolation.DEFAULT);
    }

    /** Whose files are mounted, in the order of the mounts. */
    public List<FileOrigin> origins() {
      var origins = new ArrayList<FileOrigin>();
      for (var mount : mounts) {
        switch (mount) {
          case RunMount.Bind bind -> bind.from().ifPresent(origins::add);
          case RunMount.Cache cache -> cache.from().ifPresent(origins::add);
          case RunMount.Tmpfs _, RunMount.Secret _, RunMount.Agent _, RunMount.Script _ -> {}
        }
      }
      return origins;
    }
  }

  /** Files copied as they are. */
  record Copy(FileTransfer transfer) implements Operation {
    public Copy {
      requireNonNull(transfer, "transfer");
    }
  }

  /** Files copied, and local tar archives among them unpacked at the destination. */
  record Add(FileTransfer transfer) implements Operation {
    public Add {
      requireNonNull(transfer, "transfer");
    }
  }

  /**
   * A directory made with its parents where it is missing.
   *
   * @param path absolute
   * @param user owner of what is made: name or id, optionally with {@code :group}; empty for root
   */
  record MakeDirectory(String path, String user) implements Operation {
    public MakeDirectory {
      requireNonNull(path, "path");
      requireNonNull(user, "user");
    }
  }
}
