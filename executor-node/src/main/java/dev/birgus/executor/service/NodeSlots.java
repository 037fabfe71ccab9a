package dev.birgus.executor.service;

import dev.birgus.infra.contracts.Failure;
import java.util.OptionalInt;

/** How many stages a machine can run at once. */
public final class NodeSlots {

  private static final long MEBIBYTE = 1L << 20;

  private NodeSlots() {}

  /**
   * The slots of a machine: as many as were asked for, else one for each core, as far as there is
   * memory for them; at least one.
   *
   * @param cores at least 1
   * @param memory of the machine, in bytes
   * @param memoryPerSlot what a stage is reckoned to need, in bytes, at least 1
   * @throws dev.birgus.infra.contracts.FailureException if more were asked for than there is memory
   *     for
   */
  public static int of(OptionalInt asked, int cores, long memory, long memoryPerSlot) {
    if (cores < 1 || memoryPerSlot < 1) {
      throw new IllegalArgumentException(cores + " cores, " + memoryPerSlot + " bytes a slot");
    }
    var most = Math.clamp(memory / memoryPerSlot, 1, Integer.MAX_VALUE);
    if (asked.isPresent() && (asked.getAsInt() < 1 || asked.getAsInt() > most)) {
      throw Failure.of(
              "too-many-slots",
              asked.getAsInt()
                  + " slots were asked for, and with "
                  + memory / MEBIBYTE
                  + " MiB of memory and "
                  + memoryPerSlot / MEBIBYTE
                  + " MiB for each there can be 1 to "
                  + most,
              "Ask for fewer slots, or reckon with less memory for each.")
          .toException();
    }
    return asked.orElse(Math.min(cores, most));
  }
}
