package dev.birgus.pusher.content;

import dev.birgus.infra.contracts.Event.TransferProgressed.Transfer;

/** Is told how far a transfer is. Called from several threads at once. */
@FunctionalInterface
public interface Progress {

  /**
   * Bytes have moved.
   *
   * @param name of what moves
   * @param done bytes so far; it falls back when a transfer starts again
   * @param total bytes in all
   */
  void moved(Transfer kind, String name, long done, long total);

  /** Nobody is told. */
  static Progress unheard() {
    return (_, _, _, _) -> {};
  }
}
