package dev.birgus.executor.stage;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.files.OverlayProbe;
import dev.birgus.executor.files.Overlays;
import dev.birgus.executor.run.Rung;
import dev.birgus.infra.contracts.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Decides once how a node keeps roots, when the first stage needs one. */
public final class StorageChoice {

  private final RootStorage wanted;
  private final Optional<Rung> isolation;
  private final Overlays overlays;
  private final Path work;
  private final Consumer<StorageDecision> told;
  private Optional<StorageDecision> decision = Optional.empty();

  /**
   * A choice, wherever commands are run.
   *
   * @param overlays are tried if it is not said what to take
   * @param work a folder of the file system that is to hold roots
   * @param told is given the decision, once
   */
  public StorageChoice(
      RootStorage wanted, Overlays overlays, Path work, Consumer<StorageDecision> told) {
    this(wanted, Optional.empty(), overlays, work, told);
  }

  /**
   * A choice.
   *
   * @param isolation the rung all commands have to be run on, if one is asked for
   * @throws dev.birgus.infra.contracts.FailureException {@code storage-isolation} if overlays are
   *     wanted and nothing can be mounted on the rung: its roots are trees
   */
  public StorageChoice(
      RootStorage wanted,
      Optional<Rung> isolation,
      Overlays overlays,
      Path work,
      Consumer<StorageDecision> told) {
    this.wanted = requireNonNull(wanted, "wanted");
    this.isolation = isolation.filter(rung -> !rung.mounts());
    this.overlays = requireNonNull(overlays, "overlays");
    this.work = requireNonNull(work, "work");
    this.told = requireNonNull(told, "told");
    if (wanted == RootStorage.OVERLAY && this.isolation.isPresent()) {
      throw Failure.of(
              "storage-isolation",
              "Roots cannot be overlays with isolation "
                  + this.isolation.get().label()
                  + ", which works in a plain tree.",
              "Use --storage=tree, leave --storage out, or choose isolation ns or userns.")
          .toException();
    }
  }

  /** The decision, by mounting an overlay the first time if need be. */
  public synchronized StorageDecision decide() throws IOException {
    if (decision.isEmpty()) {
      var made = make();
      decision = Optional.of(made);
      told.accept(made);
    }
    return decision.get();
  }

  private StorageDecision make() throws IOException {
    return switch (wanted) {
      case OVERLAY -> new StorageDecision(RootStorage.OVERLAY, "");
      case TREE -> new StorageDecision(RootStorage.TREE, "Trees were asked for.");
      case AUTO ->
          refusal()
              .map(reason -> new StorageDecision(RootStorage.TREE, reason))
              .orElseGet(() -> new StorageDecision(RootStorage.OVERLAY, ""));
    };
  }

  /** Why overlays are not taken. */
  private Optional<String> refusal() throws IOException {
    return isolation.isPresent()
        ? Optional.of("Isolation " + isolation.get().label() + " works in a plain tree.")
        : OverlayProbe.refusal(overlays, work);
  }
}
