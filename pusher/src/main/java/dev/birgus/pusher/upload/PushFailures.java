package dev.birgus.pusher.upload;

import dev.birgus.infra.contracts.Delivery.ToRegistry;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.oci.ImageReference;
import dev.birgus.pusher.content.Reasons;

/** Failures of a push, beginning with the words that scripts look for in kaniko's output. */
final class PushFailures {

  private static final String PUSHING = "error pushing image: failed to push to destination ";
  private static final String CHECKING =
      "error checking push permissions -- make sure you entered the correct tag name, and that you"
          + " are authenticated correctly, and try again: checking push permission for ";

  private PushFailures() {}

  /** A push to this destination failed. */
  static FailureException pushing(ToRegistry destination, Exception cause) {
    return prefixed(PUSHING + name(destination.reference()) + ": ", cause);
  }

  /** We may not push to this destination. */
  static FailureException checking(ImageReference destination, Exception cause) {
    return prefixed(CHECKING + '"' + name(destination) + "\": ", cause);
  }

  private static FailureException prefixed(String prefix, Exception cause) {
    var inner = Reasons.failure("push-failed", cause);
    return new Failure(
            inner.name(),
            prefix + inner.message(),
            inner.advice(),
            inner.at(),
            inner.exitCode(),
            inner.output())
        .toException(cause);
  }

  private static String name(ImageReference reference) {
    return reference.digest().isPresent()
        ? reference.toString()
        : reference.repositoryName() + ":" + reference.tagOrLatest();
  }
}
