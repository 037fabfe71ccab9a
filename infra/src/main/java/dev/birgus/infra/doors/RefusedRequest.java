package dev.birgus.infra.doors;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Failure;

/** A request that is answered with a status of its own, and why. */
public final class RefusedRequest extends RuntimeException {

  private final int status;
  private final transient Failure failure;

  /**
   * A refusal.
   *
   * @param status of HTTP, 400 to 599
   */
  public RefusedRequest(int status, Failure failure) {
    super(requireNonNull(failure, "failure").message());
    this.status = status;
    this.failure = failure;
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException("no status of a refusal: " + status);
    }
  }

  /** Why. */
  public Failure failure() {
    return failure;
  }

  /** The status of HTTP. */
  public int status() {
    return status;
  }
}
