package dev.birgus.infra.doors;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One server. Its event loop takes requests; each is answered on a virtual thread. */
final class DoorVerticle extends VerticleBase {

  /** Requests that are answered at once, beside those that last; more are told to come back. */
  private static final int MOST = 1024;

  private static final int IDLE_SECONDS = 120;

  private final DoorSettings settings;
  private final Routes routes;
  private final Journal journal;
  private final Set<Thread> answering = ConcurrentHashMap.newKeySet();
  private final Semaphore places = new Semaphore(MOST);
  private @Nullable HttpServer server;

  DoorVerticle(DoorSettings settings, Routes routes, Journal journal) {
    this.settings = settings;
    this.routes = routes;
    this.journal = journal;
  }

  @Override
  public Future<?> start() {
    var options =
        new HttpServerOptions()
            .setHost(settings.host())
            .setPort(settings.port())
            .setIdleTimeout(IDLE_SECONDS)
            .setIdleTimeoutUnit(TimeUnit.SECONDS)
            .setHttp2ClearTextEnabled(false)
            .setHandle100ContinueAutomatically(true);
    settings
        .tls()
        .ifPresent(certificate ->
            options
                .setSsl(true)
                .setKeyCertOptions(
                    new PemKeyCertOptions()
                        .setCertPath(certificate.chain().toString())
                        .setKeyPath(certificate.key().toString())));
    var opened = vertx.createHttpServer(options);
    opened.requestHandler(this::take);
    server = opened;
    return opened.listen();
  }

  @Override
  public Future<?> stop() {
    answering.forEach(Thread::interrupt);
    return Future.succeededFuture();
  }

  int port() {
    return server == null ? -1 : server.actualPort();
  }

  private void take(HttpServerRequest request) {
    var method = request.method().name();
    var path = request.path();
    var match = path == null ? Optional.<Routes.Match>empty() : routes.find(method, path);
    var parameters = match.map(Routes.Match::parameters).orElse(Map.of());
    var exchange = new VertxExchange(request, parameters, context);
    var place = match.flatMap(Routes.Match::places).orElse(places);
    var isFree = place.tryAcquire();
    Endpoint endpoint =
        isFree
            ? match.map(Routes.Match::endpoint).orElseGet(() -> unknown(path))
            : DoorVerticle::busy;
    var thread =
        Thread.ofVirtual()
            .name("door-" + method)
            .unstarted(() -> {
              try {
                serve(endpoint, exchange);
              } finally {
                if (isFree) {
                  place.release();
                }
              }
            });
    answering.add(thread);
    thread.start();
  }

  private void serve(Endpoint endpoint, VertxExchange exchange) {
    try {
      endpoint.serve(exchange);
      if (!exchange.isAnswered()) {
        exchange.respond(204);
      }
    } catch (RefusedRequest refused) {
      refuse(exchange, refused.status(), refused.failure());
    } catch (FailureException failed) {
      refuse(exchange, 400, failed.failure());
    } catch (IOException | InterruptedException gone) {
      broken(exchange, gone);
    } catch (RuntimeException | Error bug) {
      broken(exchange, bug);
    } finally {
      answering.remove(Thread.currentThread());
    }
  }

  /** A client that went away needs no answer; everything else is worth a line. */
  private void broken(VertxExchange exchange, Throwable cause) {
    if (!exchange.isGone()) {
      journal.log(
          Journal.Level.WARN,
          "a request could not be answered",
          Map.of(LogKeys.ERROR, String.valueOf(cause)));
    }
    refuse(
        exchange,
        500,
        Failure.of(
            "internal-error",
            "the server could not do this: " + cause.getClass().getSimpleName(),
            "Its log says more."));
  }

  private static void refuse(VertxExchange exchange, int status, Failure failure) {
    if (exchange.isAnswered()) {
      exchange.abort();
      return;
    }
    try {
      exchange.respond(status, FailureJson.of(failure));
    } catch (IOException gone) {
      exchange.abort();
    }
  }

  private Endpoint unknown(@Nullable String path) {
    var methods = path == null ? Set.<String>of() : routes.methods(path);
    if (methods.isEmpty()) {
      return _ -> {
        throw new RefusedRequest(
            404, Failure.of("not-found", "there is nothing at this path", "Check the address."));
      };
    }
    return exchange -> {
      exchange.header("allow", String.join(", ", methods));
      throw new RefusedRequest(
          405,
          Failure.of("method-not-allowed", "this path takes " + String.join(", ", methods), ""));
    };
  }

  private static void busy(Exchange exchange) {
    exchange.header("retry-after", "1");
    throw new RefusedRequest(
        503, Failure.of("busy", "too many requests are being answered", "Try again."));
  }
}
