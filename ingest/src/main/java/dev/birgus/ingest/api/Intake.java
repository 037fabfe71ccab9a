package dev.birgus.ingest.api;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.doors.RefusedRequest;
import java.time.Duration;

/** Lets new things in as long as the server does not drain, and knows what is on its way in. */
final class Intake {

  private int running;
  private boolean draining;

  /** An endpoint that takes something new. */
  Doorkeeper.Guarded taking(Doorkeeper.Guarded endpoint) {
    return (exchange, holder) -> {
      if (!begin()) {
        exchange.header("retry-after", "1");
        throw new RefusedRequest(
            503,
            Failure.of(
                "draining",
                "the server is ending and takes nothing new",
                "Try again, or ask another server."));
      }
      try {
        endpoint.serve(exchange, holder);
      } finally {
        end();
      }
    };
  }

  private synchronized boolean begin() {
    running += draining ? 0 : 1;
    return !draining;
  }

  private synchronized void end() {
    running--;
    notifyAll();
  }

  /** From now on nothing is let in; returns when what was has ended, or the time is over. */
  synchronized void drain(Duration grace) throws InterruptedException {
    draining = true;
    var until = System.nanoTime() + grace.toNanos();
    for (var left = grace.toMillis(); running > 0 && left > 0; ) {
      wait(left);
      left = (until - System.nanoTime()) / 1_000_000;
    }
  }
}
