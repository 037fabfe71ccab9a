package dev.birgus.infra.blobs;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Failure;
import java.io.IOException;

/** A store cannot keep what it is given: the disk is full, or not writable. */
public final class StorageException extends IOException {

  private final transient Failure failure;

  /** A failure with the exception it came from. */
  public StorageException(Failure failure, Throwable cause) {
    super(requireNonNull(failure, "failure").message(), cause);
    this.failure = failure;
  }

  /** What failed, and what to do about it. */
  public Failure failure() {
    return failure;
  }
}
