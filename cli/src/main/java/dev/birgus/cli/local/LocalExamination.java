package dev.birgus.cli.local;

import static java.util.Objects.requireNonNull;

import dev.birgus.cli.doctor.Diagnosis;
import dev.birgus.cli.doctor.Diagnosis.Limit;
import dev.birgus.cli.doctor.Diagnosis.Program;
import dev.birgus.cli.doctor.Diagnosis.Storage;
import dev.birgus.cli.doctor.Diagnosis.Versions;
import dev.birgus.cli.doctor.ProcessFacts;
import dev.birgus.cli.flags.DoctorCommand;
import dev.birgus.executor.run.LadderReport;
import dev.birgus.executor.run.LimitProbe;
import dev.birgus.executor.service.ExecutorComposition;
import dev.birgus.executor.service.ExecutorSettings;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.StepLimits;
import dev.birgus.infra.node.PlainTree;
import dev.birgus.infra.observe.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Finds out what this machine allows, by trying. */
public final class LocalExamination {

  /** Programs of the machine, with what they are for. */
  private static final String[][] PROGRAMS = {
    {"unshare", "namespaces of our own: util-linux"},
    {"nsenter", "namespaces of our own: util-linux"},
    {"newuidmap", "RUN for a user that is not root: uidmap or shadow-utils"},
    {"newgidmap", "RUN for a user that is not root: uidmap or shadow-utils"},
    {"git", "ADD and contexts of git repositories"},
    {"ssh", "git repositories over ssh"},
  };

  private static final long SOME_MEMORY = 64 << 20;
  private static final long SOME_PROCESSES = 1_000;

  private final DoctorCommand command;
  private final Machine machine;
  private final Journal journal;

  private LocalExamination(DoctorCommand command, Machine machine, Journal journal) {
    this.command = requireNonNull(command, "command");
    this.machine = requireNonNull(machine, "machine");
    this.journal = requireNonNull(journal, "journal");
  }

  /**
   * Finds out.
   *
   * @param namespace what became of entering namespaces of our own
   * @param refusal why that was refused; empty if it was not
   */
  public static Diagnosis examine(
      DoctorCommand command, Machine machine, String namespace, String refusal, Journal journal)
      throws InterruptedException {
    var examination = new LocalExamination(command, machine, journal);
    try {
      return examination.examine(namespace, refusal);
    } catch (IOException unreadable) {
      throw Failure.of(
              "machine-unreadable",
              "cannot find out about this machine: " + unreadable.getMessage(),
              "birgus needs Linux with /proc mounted.")
          .toException(unreadable);
    }
  }

  private Diagnosis examine(String namespace, String refusal)
      throws IOException, InterruptedException {
    var process =
        ProcessFacts.parse(
            Files.readAllLines(Path.of("/proc/self/status")),
            Files.readAllLines(Path.of("/proc/self/uid_map")),
            namespace,
            refusal);
    try {
      var state = StateFolder.open(machine, command.stateDirectory(), command.storage());
      return diagnosis(process, state.executor(), storage(state));
    } catch (FailureException unusable) {
      var folder = Files.createTempDirectory("birgus-doctor");
      try {
        var elsewhere = StateFolder.open(machine, folder.toString(), command.storage());
        var none =
            new Storage(command.stateDirectory(), "", 0, 0, "", unusable.failure().message());
        return diagnosis(process, elsewhere.executor(), none);
      } finally {
        PlainTree.remove(folder);
      }
    }
  }

  private Diagnosis diagnosis(ProcessFacts process, ExecutorSettings settings, Storage storage)
      throws IOException, InterruptedException {
    return new Diagnosis(
        new Versions(
            machine.version(),
            Runtime.version().toString(),
            Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip(),
            machine.platform().toString()),
        process,
        command.isolation(),
        ladder(settings),
        storage,
        limits(),
        programs());
  }

  private LadderReport ladder(ExecutorSettings settings) throws InterruptedException {
    var all = ExecutorComposition.commands(settings, journal).ladder().survey();
    if (command.isolation().isEmpty()) {
      return all;
    }
    var asked =
        ExecutorComposition.commands(
                settings
                    .on(command.isolation())
                    .knowing(RootToKeep.of(machine, settings.work().resolveSibling("."))),
                Journal.silent())
            .ladder()
            .report();
    var attempts = new ArrayList<>(all.attempts());
    for (var attempt : asked.attempts()) {
      if (attempts.stream().noneMatch(each -> each.rung() == attempt.rung())) {
        attempts.add(attempt);
      }
    }
    return new LadderReport(asked.chosen(), attempts);
  }

  private static Storage storage(StateFolder state) {
    var folder = state.path().toString();
    try {
      var store = Files.getFileStore(state.path());
      var decision = ExecutorComposition.storage(state.executor());
      return new Storage(
          folder,
          store.type(),
          store.getUsableSpace(),
          store.getTotalSpace(),
          decision.storage().name().toLowerCase(Locale.ROOT),
          decision.reason());
    } catch (IOException failed) {
      return new Storage(folder, "", 0, 0, "", String.valueOf(state.unusable(failed).getMessage()));
    }
  }

  private static List<Limit> limits() {
    var memory =
        new StepLimits(OptionalLong.of(SOME_MEMORY), OptionalLong.empty(), Optional.empty());
    var processes =
        new StepLimits(OptionalLong.empty(), OptionalLong.of(SOME_PROCESSES), Optional.empty());
    return List.of(
        new Limit("memory", LimitProbe.refusal(memory).orElse("")),
        new Limit("processes", LimitProbe.refusal(processes).orElse("")),
        new Limit("time", ""));
  }

  private List<Program> programs() {
    var programs = new ArrayList<Program>();
    for (var each : PROGRAMS) {
      programs.add(new Program(each[0], find(each[0]), each[1]));
    }
    return programs;
  }

  private Optional<String> find(String program) {
    for (var folder : machine.environment().getOrDefault("PATH", "/usr/bin:/bin").split(":")) {
      var path = machine.workingDirectory().resolve(folder).resolve(program);
      if (Files.isExecutable(path)) {
        return Optional.of(path.toString());
      }
    }
    return Optional.empty();
  }
}
