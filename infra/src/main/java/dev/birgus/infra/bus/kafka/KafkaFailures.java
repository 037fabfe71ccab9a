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
    var why = cause == null ? "" : ": " + cause.getMessage();
    if (cause instanceof RecordTooLargeException) {
      return Failure.of(
              Failure.EVENT_TOO_LARGE,
              "Kafka: " + what + why,
              "an event has " + KafkaTopics.LARGEST_EVENT + " bytes at most")
          .toException(cause);
    }
    return Failure.of(
            "bus-unavailable",
            "Kafka: " + what + why,
            "check that the brokers are up, their address, and what the client's user may do")
        .toException(cause == null ? new IllegalStateException(what) : cause);
  }

  /** Whether trying again would come to the same. */
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
