package dev.birgus.infra.registry;

import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
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
  private final Supplier<HttpClient> newClient;
  private final RegistryFailures failures;
  private final Journal journal;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable HttpClient client;
  private volatile boolean answered;

  RegistryTransport(
      RegistrySettings settings,
      ProxyRoutes proxies,
      Supplier<HttpClient> newClient,
      RegistryFailures failures,
      Journal journal) {
    this.registry = failures.registry();
    this.settings = settings;
    this.proxies = proxies;
    this.newClient = newClient;
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
    var request = HttpRequest.newBuilder(call.uri()).setHeader("User-Agent", settings.userAgent());
    call.headers()
        .forEach((name, value) -> {
          if (!name.equals("Authorization")) {
            request.setHeader(name, value);
          }
        });
    authorization.ifPresent(value -> request.setHeader("Authorization", value));
    proxies
        .to(call.uri())
        .flatMap(ProxyRoutes.Route::authorization)
        .ifPresent(value -> request.setHeader("Proxy-Authorization", value));
    return switch (call.body()) {
      case Call.Body.None _ -> transfer(call, request, BodyPublishers.noBody(), null, own);
      case Call.Body.Bytes(var bytes) ->
          transfer(call, request, BodyPublishers.ofByteArray(bytes), null, own);
      case Call.Body.Stream(var content, var length) -> {
        try (var upload = new UploadContent(content.open())) {
          var stream = BodyPublishers.ofInputStream(() -> upload);
          yield transfer(call, request, publisher(stream, length), upload, own);
        }
      }
    };
  }

  private static BodyPublisher publisher(BodyPublisher stream, long length) {
    if (length == 0) {
      return BodyPublishers.noBody();
    }
    return length < 0 ? stream : BodyPublishers.fromPublisher(stream, length);
  }

  private Answer transfer(
      Call call,
      HttpRequest.Builder request,
      BodyPublisher publisher,
      @Nullable UploadContent upload,
      boolean own)
      throws IOException {
    request.method(call.method(), publisher);
    try {
      var response =
          await(
              client().sendAsync(request.build(), BodyHandlers.ofInputStream()),
              upload,
              publisher.contentLength());
      refuseIfProxyDoes(call, response);
      answered = answered || own;
      var body = new GuardedInputStream(response.body(), settings.patience().progress());
      return new Answer(
          response.statusCode(), response.headers(), body, call.uri(), own, Optional.empty());
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
      throw answered && own && told instanceof TransientFailure passing
          ? passing.ofOneThatWasThere()
          : told;
    }
  }

  private void refuseIfProxyDoes(Call call, HttpResponse<InputStream> response) throws IOException {
    var proxy = proxies.to(call.uri());
    if (response.statusCode() == PROXY_WANTS_CREDENTIALS && proxy.isPresent()) {
      // A tunnel that was never opened has no body to close.
      try (var _ = response.body()) {
        throw failures.proxyDenied(call.what(), proxy.get().toString());
      }
    }
  }

  /** Waits for the answer as long as bytes move, or the answer may still come. */
  private HttpResponse<InputStream> await(
      CompletableFuture<HttpResponse<InputStream>> exchange,
      @Nullable UploadContent upload,
      long length)
      throws IOException {
    var seen = -1L;
    try {
      while (true) {
        var patience = patience(upload, length);
        try {
          return exchange.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
          var sent = upload == null ? -1 : upload.count();
          if (sent == seen) {
            exchange.cancel(true);
            throw new HttpTimeoutException("no progress for " + patience.toSeconds() + " s");
          }
          seen = sent;
        }
      }
    } catch (InterruptedException _) {
      exchange.cancel(true);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while speaking to " + registry);
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof IOException broken
          ? broken
          : new IOException(String.valueOf(failed.getCause()), failed.getCause());
    }
  }

  private Duration patience(@Nullable UploadContent upload, long length) {
    return upload != null && upload.isComplete(length)
        ? settings.patience().completion()
        : settings.patience().progress();
  }

  private HttpClient client() {
    var known = client;
    if (known != null) {
      return known;
    }
    lock.lock();
    try {
      var made = client;
      if (made == null) {
        made = newClient.get();
        client = made;
      }
      return made;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    var known = client;
    if (known != null) {
      known.shutdownNow();
    }
  }
}
