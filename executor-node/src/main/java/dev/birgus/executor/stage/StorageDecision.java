package dev.birgus.executor.stage;

import static java.util.Objects.requireNonNull;

/**
 * How a node keeps the root file systems of stages, as it was decided.
 *
 * @param storage overlays or trees, no longer automatic
 * @param reason why overlays were not taken; empty if they were
 */
public record StorageDecision(RootStorage storage, String reason) {

  public StorageDecision {
    requireNonNull(storage, "storage");
    requireNonNull(reason, "reason");
    if (storage == RootStorage.AUTO || reason.isEmpty() != (storage == RootStorage.OVERLAY)) {
      throw new IllegalArgumentException("no decision: " + storage + ", " + reason);
    }
  }
}
