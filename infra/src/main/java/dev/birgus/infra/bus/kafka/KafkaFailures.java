package dev.birgus.infra.bus.kafka;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import org.jspecify.annotations.Nullable;

/** What goes wrong with a cluster, for people. */
final class KafkaFailures {

  private KafkaFailures() {}

  static FailureException of(String what, @Nullable Throwable cause) {
    var why = cause == null ? "" : ": " + cause.getMessage();
    return Failure.of(
            "bus-unavailable",
            "Kafka: " + what + why,
            "check that the brokers are up, their address, and what the client's user may do")
        .toException(cause == null ? new IllegalStateException(what) : cause);
  }
}
