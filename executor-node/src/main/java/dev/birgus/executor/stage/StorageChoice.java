package dev.birgus.executor.stage;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.files.OverlayProbe;
import dev.birgus.executor.files.Overlays;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Decides once how a node keeps roots, when the first stage needs one. */
public final class StorageChoice {

  private final RootStorage wanted;
  private final Overlays overlays;
  private final Path work;
  private final Consumer<StorageDecision> told;
  private Optional<StorageDecision> decision = Optional.empty();

  /**
   * A choice.
   *
   * @param overlays are tried if it is not said what to take
   * @param work a folder of the file system that is to hold roots
   * @param told is given the decision, once
   */
  public StorageChoice(
      RootStorage wanted, Overlays overlays, Path work, Consumer<StorageDecision> told) {
    this.wanted = requireNonNull(wanted, "wanted");
    this.overlays = requireNonNull(overlays, "overlays");
    this.work = requireNonNull(work, "work");
    this.told = requireNonNull(told, "told");
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
          OverlayProbe.refusal(overlays, work)
              .map(reason -> new StorageDecision(RootStorage.TREE, reason))
              .orElseGet(() -> new StorageDecision(RootStorage.OVERLAY, ""));
    };
  }
}
