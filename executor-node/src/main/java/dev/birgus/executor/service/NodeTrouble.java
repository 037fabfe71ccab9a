package dev.birgus.executor.service;

import dev.birgus.infra.blobs.StorageException;
import dev.birgus.infra.contracts.Failure;
import java.util.Set;

/** Tells what is wrong with a node from what is wrong with a build: another node may do better. */
enum NodeTrouble {
  /** Nothing is wrong with the node. */
  NONE,
  /** Its disk takes nothing more, or did not a moment ago. */
  DISK,
  /** It lacks something, which it will lack for the next stage as well. */
  LACK;

  private static final Set<String> DISK_FAILURES =
      Set.of("disk-full", "disk-read-only", "storage-failed", "stage-failed");

  private static final Set<String> LACKS =
      Set.of(
          "isolation-unavailable",
          "privileges-missing",
          "git-missing",
          "isal-unavailable",
          "zstd-unavailable");

  /**
   * What a failure says of the node.
   *
   * @param thrown what it came from
   */
  static NodeTrouble of(Failure failure, Throwable thrown) {
    if (DISK_FAILURES.contains(failure.name())) {
      return DISK;
    }
    if (LACKS.contains(failure.name())) {
      return LACK;
    }
    for (var cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof StorageException) {
        return DISK;
      }
      if (cause instanceof VirtualMachineError) {
        return LACK;
      }
    }
    return NONE;
  }
}
