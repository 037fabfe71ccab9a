package dev.birgus.ingest.api;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.codec.StateCodec;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.BuildRequest;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.doors.Exchange;
import dev.birgus.infra.doors.RefusedRequest;
import dev.birgus.infra.doors.Routes;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonSyntaxException;
import dev.birgus.infra.observe.Meter;
import dev.birgus.infra.observe.Metrics;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.UUID;

/** Builds, as clients see them. */
final class BuildsApi {

  /** Bytes of a request. Contexts are not in it; the Dockerfile is. */
  private static final long LARGEST_REQUEST = 8 << 20;

  /** How long it may take until this server has read what it has published itself. */
  private static final Duration SUBMITTED = Duration.ofSeconds(15);

  private static final int MOST_LISTED = 1000;
  private static final String JSON_LINES = "application/x-ndjson";

  private final EventBus bus;
  private final BuildHistory history;
  private final OutputBarrier barrier;
  private final Admission admission;
  private final Metrics metrics;
  private final StateCodec<BuildRequest> codec = new StateCodec<>(BuildRequest.class);

  BuildsApi(
      EventBus bus,
      BuildHistory history,
      OutputBarrier barrier,
      Admission admission,
      Metrics metrics) {
    this.bus = bus;
    this.history = history;
    this.barrier = barrier;
    this.admission = admission;
    this.metrics = metrics;
  }

  /**
   * Its routes.
   *
   * @param watchers who may follow builds at once
   */
  Routes routes(Doorkeeper doorkeeper, Intake intake, ContextsApi contexts, int watchers) {
    return new Routes()
        .on(
            "POST",
            "/v1/builds",
            doorkeeper.admit(
                Role.SUBMIT,
                "submit",
                intake.taking((exchange, holder) -> submit(exchange, holder, contexts))))
        .on("GET", "/v1/builds", doorkeeper.admit(Role.READ, "list", this::list))
        .on("GET", "/v1/builds/{id}", doorkeeper.admit(Role.READ, "show", this::show))
        .lasting(
            "GET",
            "/v1/builds/{id}/events",
            watchers,
            doorkeeper.admit(Role.READ, "follow", this::follow))
        .on("DELETE", "/v1/builds/{id}", doorkeeper.admit(Role.SUBMIT, "cancel", this::cancel));
  }

  private void submit(Exchange exchange, Tokens.Holder holder, ContextsApi contexts)
      throws IOException, InterruptedException {
    var request = admission.admit(read(exchange), holder.tenant());
    for (var context : Admission.contexts(request)) {
      var digest = context.blob().orElseThrow();
      if (!contexts.has(holder, digest)) {
        throw new RefusedRequest(
            409,
            Failure.of(
                "context-missing",
                "the server has not got the build context " + digest,
                "Upload it to /v1/blobs/" + digest + " first."));
      }
    }
    var build = name(exchange, holder);
    bus.publish(Topic.BUILDS, build.value(), admission.requested(build, request));
    // Planners say so as well, but perhaps of an older build later than of a newer one: what is the
    // newest of a line is said by the order in which requests are accepted, and by no clock.
    var scheduling = request.scheduling();
    scheduling
        .lineKey()
        .ifPresent(key ->
            bus.publish(
                Topic.LINES, key, new Event.LineAdvanced(build, scheduling.line().orElseThrow())));
    metrics.count(Meter.BUILDS_ACCEPTED);
    if (history.isComplete()) {
      // Who has its name asks for it at once.
      var _ = history.await(build, summary -> holder.sees(summary.tenant()), SUBMITTED);
    }
    exchange.header("location", "/v1/builds/" + build);
    exchange.respond(201, Json.Obj.EMPTY.with("id", Json.of(build.value())));
  }

  /** Who asks again with the same key, because no answer came, means the same build. */
  private static BuildId name(Exchange exchange, Tokens.Holder holder) {
    var key = exchange.header("idempotency-key").orElseGet(() -> UUID.randomUUID().toString());
    var digest = Digest.sha256((holder.tenant() + "\n" + key).getBytes(StandardCharsets.UTF_8));
    return new BuildId("b-" + digest.hex().substring(0, 20));
  }

  private BuildRequest read(Exchange exchange) throws IOException {
    var bytes = exchange.body(LARGEST_REQUEST).readAllBytes();
    try {
      return codec.decode(bytes);
    } catch (JsonSyntaxException | IllegalArgumentException | NullPointerException wrong) {
      throw new RefusedRequest(
          400,
          Failure.of(
              "bad-request",
              "this is no request of a build: " + wrong.getMessage(),
              "Client and server should be of the same version."));
    }
  }

  private void list(Exchange exchange, Tokens.Holder holder) throws IOException {
    var limit = number(exchange, "limit", 50, MOST_LISTED);
    var state = exchange.query("state");
    var tenant = exchange.query("tenant");
    var found = new ArrayList<Json>();
    for (var summary : history.summaries()) {
      if (found.size() < limit
          && holder.sees(summary.tenant())
          && state.map(summary.state().word()::equals).orElse(true)
          && tenant.map(summary.tenant()::equals).orElse(true)) {
        found.add(summary.toJson());
      }
    }
    exchange.respond(200, Json.Obj.EMPTY.with("builds", new Json.Arr(found)));
  }

  private static long number(Exchange exchange, String name, long usual, long most) {
    var text = exchange.query(name);
    try {
      var number = text.map(Long::parseLong).orElse(usual);
      if (number >= 0 && number <= most) {
        return number;
      }
    } catch (NumberFormatException noNumber) {
      // Said below.
    }
    throw new RefusedRequest(
        400,
        Failure.of(
            "bad-request", name + "=" + text.orElse("") + " is no number from 0 to " + most, ""));
  }

  private void show(Exchange exchange, Tokens.Holder holder)
      throws IOException, InterruptedException {
    exchange.respond(200, log(exchange, holder).summary().toJson());
  }

  private void follow(Exchange exchange, Tokens.Holder holder)
      throws IOException, InterruptedException {
    var log = log(exchange, holder);
    if (history.isStuck()) {
      throw later("history-stuck", "the server cannot keep what becomes of builds now");
    }
    var seen =
        new BuildFollower.Seen(
            number(exchange, "events", 0, Long.MAX_VALUE),
            number(exchange, "logs", 0, Long.MAX_VALUE));
    try (var out = exchange.stream(200, JSON_LINES)) {
      var follower = new BuildFollower(log, barrier, seen);
      if (exchange.query("follow").filter("false"::equals).isPresent()) {
        follower.sendKnown(out);
      } else {
        // Another server may be able to go on where this one cannot.
        follower.send(out, () -> exchange.isGone() || history.isStuck(), history::isComplete);
      }
    }
  }

  private void cancel(Exchange exchange, Tokens.Holder holder)
      throws IOException, InterruptedException {
    var log = log(exchange, holder);
    if (log.summary().state().isEnd()) {
      exchange.respond(200, log.summary().toJson());
      return;
    }
    var reason = exchange.query("reason").orElse("asked for");
    bus.publish(
        Topic.BUILDS, log.build().value(), new Event.BuildCancelRequested(log.build(), reason));
    exchange.respond(202, log.summary().toJson());
  }

  /** A build of another tenant is no build at all. */
  private BuildLog log(Exchange exchange, Tokens.Holder holder) throws InterruptedException {
    var name = exchange.parameter("id");
    try {
      var build = new BuildId(name);
      var known = history.find(build).filter(log -> holder.sees(log.summary().tenant()));
      if (known.isEmpty() && !history.isComplete()) {
        throw later("not-read-yet", "the server does not know all builds yet");
      }
      // Another server may have taken it in just now.
      var found =
          known.isPresent()
              ? known
              : history.await(build, summary -> holder.sees(summary.tenant()), BuildHistory.ORDER);
      if (found.isPresent()) {
        return found.get();
      }
    } catch (IllegalArgumentException noName) {
      // There is no such build either.
    }
    throw new RefusedRequest(
        404,
        Failure.of(
            "no-such-build",
            "the server does not know a build " + name,
            "birgus builds lists those it knows."));
  }

  private static RefusedRequest later(String name, String message) {
    return new RefusedRequest(503, Failure.of(name, message, "Ask again, or ask another server."));
  }
}
