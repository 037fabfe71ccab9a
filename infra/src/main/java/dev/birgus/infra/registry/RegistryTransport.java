package dev.birgus.infra.registry;

import dev.birgus.infra.http.HttpConnections;
import dev.birgus.infra.http.HttpExchange;
import dev.birgus.infra.http.HttpProxy;
import dev.birgus.infra.http.HttpRequest;
import dev.birgus.infra.http.HttpResponse;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends single requests to one registry and those it names, waits for their answers no longer than
 * nothing moves, and notes each in the journal.
 */
final class RegistryTransport implements AutoCloseable {

  private static final int PROXY_WANTS_CREDENTIALS = 407;

  private final String registry;
  private final RegistrySettings settings;
  private final ProxyRoutes proxies;
  private final Supplier<HttpConnections> newConnections;
  private final RegistryFailures failures;
  private final Journal journal;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable HttpConnections connections;
  private volatile boolean answered;

  RegistryTransport(
      RegistrySettings settings,
      ProxyRoutes proxies,
      Supplier<HttpConnections> newConnections,
      RegistryFailures failures,
      Journal journal) {
    this.registry = failures.registry();
    this.settings = settings;
    this.proxies = proxies;
    this.newConnections = newConnections;
    this.failures = failures;
    this.journal = journal;
  }

  /**
   * Sends a request once.
   *
   * @param authorization what to show
   * @param own whether it goes to the registry's own origin
   * @throws TransientFailure if the network failed in a way that may pass
   */
  Answer exchange(Call call, Optional<String> authorization, boolean own) throws IOException {
    var begun = System.nanoTime();
    try {
      var answer = send(call, authorization, own);
      note(call, Integer.toString(answer.status()), begun);
      return answer;
    } catch (IOException failed) {
      note(call, "none", begun);
      throw failed;
    }
  }

  private void note(Call call, String status, long begun) {
    var context = new LinkedHashMap<String, String>();
    context.put(LogKeys.METHOD, call.method());
    context.put(LogKeys.URL, RedactedAddress.of(call.uri()));
    context.put(LogKeys.STATUS, status);
    var took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    context.put(LogKeys.MILLISECONDS, Long.toString(took));
    journal.log(Journal.Level.DEBUG, "a request to a registry", context);
  }

  private Answer send(Call call, Optional<String> authorization, boolean own) throws IOException {
    var headers = new LinkedHashMap<String, String>();
    headers.put("User-Agent", settings.userAgent());
    headers.putAll(call.headers());
    headers.remove("Authorization");
    authorization.ifPresent(value -> headers.put("Authorization", value));
    return switch (call.body()) {
      case Call.Body.None _ -> transfer(call, headers, new HttpRequest.Body.None(), null, own);
      case Call.Body.Bytes(var bytes) ->
          transfer(call, headers, new HttpRequest.Body.Bytes(bytes), null, own);
      case Call.Body.Stream(var content, var length) -> {
        try (var upload = new UploadContent(content.open())) {
          var stream = new HttpRequest.Body.Stream(upload, length);
          yield transfer(call, headers, stream, upload, own);
        }
      }
    };
  }

  private Answer transfer(
      Call call,
      Map<String, String> headers,
      HttpRequest.Body content,
      @Nullable UploadContent upload,
      boolean own)
      throws IOException {
    var request = new HttpRequest(call.method(), call.uri(), headers, content);
    try {
      var response = await(connections().send(request, proxy(call)), upload, request.length());
      refuseIfProxyDoes(call, response);
      answered = answered || own;
      var body = new GuardedInputStream(response.body(), settings.patience().progress());
      return new Answer(
          response.status(), response.headers(), body, call.uri(), own, Optional.empty());
    } catch (InterruptedIOException interrupted) {
      throw interrupted;
    } catch (IOException broken) {
      if (upload != null && upload.failure() != null) {
        throw upload.failure();
      }
      var told =
          proxies
              .to(call.uri())
              .map(proxy -> failures.proxied(call.what(), proxy.toString(), broken))
              .orElseGet(() -> failures.network(call.what(), broken));
      if (!(told instanceof TransientFailure passing)) {
        throw told;
      }
      if (own && !answered && passing.connected() && connections().isCertificateAsked()) {
        // The connection is often gone before its reason could be read.
        throw failures.certificateWanted(call.what(), broken);
      }
      throw answered && own ? passing.ofOneThatWasThere() : passing;
    }
  }

  private Optional<HttpProxy> proxy(Call call) {
    return proxies
        .to(call.uri())
        .map(route -> new HttpProxy(route.host(), route.port(), route.authorization()));
  }

  private void refuseIfProxyDoes(Call call, HttpResponse response) throws IOException {
    var proxy = proxies.to(call.uri());
    if (response.status() == PROXY_WANTS_CREDENTIALS && proxy.isPresent()) {
      // A tunnel that was never opened has no body to close.
      try (var _ = response.body()) {
        throw failures.proxyDenied(call.what(), proxy.get().toString());
      }
    }
  }

  /** Waits for the answer as long as bytes move, or the answer may still come. */
  private HttpResponse await(HttpExchange exchange, @Nullable UploadContent upload, long length)
      throws IOException {
    var seen = -1L;
    try {
      while (true) {
        var patience = patience(upload, length);
        try {
          return exchange.await(patience);
        } catch (TimeoutException _) {
          var sent = upload == null ? -1 : upload.count();
          if (sent == seen) {
            exchange.abandon();
            throw new HttpTimeoutException("no progress for " + patience.toSeconds() + " s");
          }
          seen = sent;
        }
      }
    } catch (InterruptedException _) {
      exchange.abandon();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while speaking to " + registry);
    }
  }

  private Duration patience(@Nullable UploadContent upload, long length) {
    return upload != null && upload.isComplete(length)
        ? settings.patience().completion()
        : settings.patience().progress();
  }

  private HttpConnections connections() {
    var known = connections;
    if (known != null) {
      return known;
    }
    lock.lock();
    try {
      var made = connections;
      if (made == null) {
        made = newConnections.get();
        connections = made;
      }
      return made;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    var known = connections;
    if (known != null) {
      known.close();
    }
  }
}
