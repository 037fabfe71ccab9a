package dev.birgus.infra.registry;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Something that may go better if it is tried again. */
final class TransientFailure extends IOException {

  private final RegistryException last;
  private final transient Optional<Duration> retryAfter;
  private final boolean connected;

  /**
   * A failure worth another attempt.
   *
   * @param last what to throw if there is no other attempt
   * @param retryAfter how long the registry asks us to wait
   * @param connected whether there was a registry to speak to at all
   */
  TransientFailure(RegistryException last, Optional<Duration> retryAfter, boolean connected) {
    super(last.getMessage(), last);
    this.last = last;
    this.retryAfter = requireNonNull(retryAfter, "retryAfter");
    this.connected = connected;
  }

  /** The same, of a registry that is known to be there: it may be starting again. */
  TransientFailure ofOneThatWasThere() {
    return new TransientFailure(last, retryAfter, true);
  }

  RegistryException last() {
    return last;
  }

  Optional<Duration> retryAfter() {
    return retryAfter;
  }

  boolean connected() {
    return connected;
  }
}
