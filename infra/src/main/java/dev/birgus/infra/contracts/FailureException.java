package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

/** Carries a {@link Failure} from where it happened to the service that reports it as an event. */
public final class FailureException extends RuntimeException {

  private final transient Failure failure;

  /** A failure without a deeper cause. */
  public FailureException(Failure failure) {
    super(requireNonNull(failure, "failure").message());
    this.failure = failure;
  }

  /** A failure and the exception it came from, which is printed at debug level only. */
  public FailureException(Failure failure, Throwable cause) {
    super(requireNonNull(failure, "failure").message(), cause);
    this.failure = failure;
  }

  /** What failed. */
  public Failure failure() {
    return failure;
  }
}
