package dev.birgus.infra.bus.kafka;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.json.JsonSyntaxException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/** What goes wrong with a cluster, for people. */
final class KafkaFailures {

  private KafkaFailures() {}

  static FailureException of(String what, @Nullable Throwable cause) {
    if (cause instanceof RecordTooLargeException) {
      return tooLarge(what + ": " + cause.getMessage()).toException(cause);
    }
    var why = cause == null ? "" : ": " + cause.getMessage();
    return Failure.of(
            "bus-unavailable",
            "Kafka: " + what + why,
            "check that the brokers are up, their address, and what the client's user may do")
        .toException(cause == null ? new IllegalStateException(what) : cause);
  }

  /** Something is too large for the brokers. */
  static Failure tooLarge(String what) {
    return Failure.of(
        Failure.EVENT_TOO_LARGE,
        "Kafka: " + what,
        "a plan has the paths of its files in it: copy folders rather than many single files;"
            + " max.message.bytes of the topics has to be "
            + KafkaTopics.LARGEST_EVENT);
  }

  /** Whether what was sent is too large for the brokers. */
  static boolean isTooLarge(Throwable failed) {
    for (Throwable each = failed; each != null; each = each.getCause()) {
      if (each instanceof RecordTooLargeException) {
        return true;
      }
    }
    return false;
  }

  /** Whether the brokers did not let this process in, or did not allow it what it asked for. */
  static boolean isDenied(RuntimeException failed) {
    for (Throwable each = failed; each != null; each = each.getCause()) {
      if (each instanceof AuthorizationException || each instanceof AuthenticationException) {
        return true;
      }
    }
    return false;
  }

  /** Whether trying again at once would come to the same. */
  static boolean isForGood(RuntimeException failed) {
    for (Throwable each = failed; each != null; each = each.getCause()) {
      switch (each) {
        case FencedInstanceIdException _,
            AuthorizationException _,
            AuthenticationException _,
            UnsupportedVersionException _,
            JsonSyntaxException _ -> {
          return true;
        }
        default -> {}
      }
    }
    return false;
  }
}
