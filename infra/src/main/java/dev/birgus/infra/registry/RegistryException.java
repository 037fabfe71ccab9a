package dev.birgus.infra.registry;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Failure;
import java.io.IOException;

/** A registry refused, or could not be reached. The failure names it and says what to do. */
public final class RegistryException extends IOException {

  private final transient Failure failure;

  /** A refusal. */
  public RegistryException(Failure failure) {
    super(requireNonNull(failure, "failure").message());
    this.failure = failure;
  }

  /** A failure with the exception it came from. */
  public RegistryException(Failure failure, Throwable cause) {
    super(requireNonNull(failure, "failure").message(), cause);
    this.failure = failure;
  }

  /** What failed. */
  public Failure failure() {
    return failure;
  }
}
