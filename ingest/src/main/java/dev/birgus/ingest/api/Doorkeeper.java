package dev.birgus.ingest.api;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.doors.Endpoint;
import dev.birgus.infra.doors.Exchange;
import dev.birgus.infra.doors.RefusedRequest;
import dev.birgus.infra.observe.Meter;
import dev.birgus.infra.observe.Metrics;
import java.io.IOException;
import java.util.function.Supplier;

/** Lets those in who may do what they ask for. */
final class Doorkeeper {

  private final Supplier<Tokens> tokens;
  private final Metrics metrics;

  Doorkeeper(Supplier<Tokens> tokens, Metrics metrics) {
    this.tokens = tokens;
    this.metrics = metrics;
  }

  /** An endpoint that knows who asks. */
  interface Guarded {
    void serve(Exchange exchange, Tokens.Holder holder) throws IOException, InterruptedException;
  }

  /**
   * The endpoint for those who have this role.
   *
   * @param what it does, for metrics
   */
  Endpoint admit(Role role, String what, Guarded endpoint) {
    return exchange -> {
      metrics.count(Meter.REQUESTS, what);
      endpoint.serve(exchange, holder(exchange, role));
    };
  }

  private Tokens.Holder holder(Exchange exchange, Role role) {
    var holder = exchange.header("authorization").flatMap(tokens.get()::holder);
    if (holder.isEmpty()) {
      exchange.header("www-authenticate", "Bearer");
      throw new RefusedRequest(
          401,
          Failure.of(
              "not-authorized",
              exchange.header("authorization").isPresent()
                  ? "the server does not know this token"
                  : "the server wants a token",
              "Give the file of a token with --token-file or BIRGUS_TOKEN_FILE."));
    }
    if (!holder.get().role().covers(role)) {
      throw new RefusedRequest(
          403,
          Failure.of(
              "not-allowed",
              "this token may " + holder.get().role().word() + ", and not " + role.word(),
              "Use a token with the role " + role.word() + "."));
    }
    return holder.get();
  }
}
