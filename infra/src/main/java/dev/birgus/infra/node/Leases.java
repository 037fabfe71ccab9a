package dev.birgus.infra.node;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Says what of the things kept on a node is in use. What is leased is not removed by any process
 * until the lease ends, at the latest with the process that has it.
 */
public interface Leases {

  /**
   * Takes a lease, of what may be there already or is about to be made: whether it is there is to
   * be asked after this.
   *
   * @param name see {@link Kept#name}
   */
  void take(String name) throws IOException;

  /** The time of what is used now. */
  Instant now();

  /** The leases of a place nobody removes anything from. */
  static Leases unneeded() {
    return new Leases() {
      @Override
      public void take(String name) {
        // Nobody would ask.
      }

      @Override
      public Instant now() {
        return InstantSource.system().instant();
      }
    };
  }
}
