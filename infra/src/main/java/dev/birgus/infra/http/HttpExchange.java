package dev.birgus.infra.http;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.net.URIAuthority;
import org.jspecify.annotations.Nullable;

/** One request that is on its way, and its answer. */
public final class HttpExchange {

  private final CloseableHttpClient client;
  private final HttpUriRequestBase request;
  private final ExchangeContext context;
  private final @Nullable StreamEntity content;
  private final CompletableFuture<HttpResponse> answer = new CompletableFuture<>();

  private HttpExchange(CloseableHttpClient client, HttpRequest request, Optional<HttpProxy> proxy) {
    this.client = client;
    this.request = empty(request);
    this.content =
        switch (request.body()) {
          case HttpRequest.Body.None _ -> null;
          case HttpRequest.Body.Bytes(var bytes) -> {
            this.request.setEntity(new ByteArrayEntity(bytes, null));
            yield null;
          }
          case HttpRequest.Body.Stream(_, var length) when length == 0 -> null;
          case HttpRequest.Body.Stream(var stream, var length) ->
              new StreamEntity(stream, length, this.request::cancel);
        };
    if (content != null) {
      this.request.setEntity(content);
    }
    this.context = new ExchangeContext(proxy, content);
  }

  /** A request without its body. Names and passwords in an address are nobody's business. */
  private static HttpUriRequestBase empty(HttpRequest request) {
    var uri = URI.create(request.uri().toASCIIString());
    var made = new HttpUriRequestBase(request.method(), uri);
    var host = uri.getHost();
    if (host == null) {
      throw new IllegalArgumentException("not an http address");
    }
    var bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    made.setAuthority(new URIAuthority(bare, uri.getPort()));
    request.headers().forEach(made::setHeader);
    return made;
  }

  static HttpExchange start(
      CloseableHttpClient client, HttpRequest request, Optional<HttpProxy> proxy) {
    var exchange = new HttpExchange(client, request, proxy);
    Thread.ofVirtual().name("http-exchange").start(exchange::run);
    return exchange;
  }

  /**
   * Waits for the head of the answer.
   *
   * @throws TimeoutException if it has not come; one may wait again
   * @throws IOException if none will come
   */
  public HttpResponse await(Duration patience)
      throws IOException, InterruptedException, TimeoutException {
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (CancellationException given) {
      throw new IOException("the request was given up", given);
    } catch (ExecutionException failed) {
      throw switch (failed.getCause()) {
        case IOException broken -> broken;
        case Error lost -> throw lost;
        case null, default -> new IOException(String.valueOf(failed.getCause()), failed.getCause());
      };
    }
  }

  /** Breaks it off. An answer that comes nevertheless is thrown away. */
  public void abandon() {
    if (answer.cancel(false)) {
      request.cancel();
    }
  }

  private void run() {
    try {
      var response = perform();
      if (!answer.complete(response)) {
        response.body().close();
      }
    } catch (UncheckedIOException tls) {
      answer.completeExceptionally(BrokenConnection.told(requireNonNull(tls.getCause())));
    } catch (IOException broken) {
      var failure = content == null ? Optional.<IOException>empty() : content.failure();
      answer.completeExceptionally(failure.orElseGet(() -> BrokenConnection.told(broken)));
    } catch (RuntimeException | Error failed) {
      answer.completeExceptionally(failed);
    }
  }

  private HttpResponse perform() throws IOException {
    try {
      var response = client.executeOpen(null, request, context);
      return new HttpResponse(response.getCode(), headers(response), body(response));
    } catch (TunnelExecutor.Refusal refusal) {
      if (refusal.wantsCredentials()) {
        var nothing = HttpHeaders.of(Map.of(), (_, _) -> true);
        return new HttpResponse(refusal.status(), nothing, InputStream.nullInputStream());
      }
      throw refusal;
    }
  }

  private static HttpHeaders headers(ClassicHttpResponse response) {
    Map<String, List<String>> read = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (var header : response.getHeaders()) {
      read.computeIfAbsent(header.getName(), _ -> new ArrayList<>()).add(header.getValue());
    }
    return HttpHeaders.of(read, (_, _) -> true);
  }

  private InputStream body(ClassicHttpResponse response) throws IOException {
    var entity = response.getEntity();
    return entity == null || !entity.isStreaming()
        ? InputStream.nullInputStream()
        : new ResponseBody(entity.getContent(), entity.getContentLength(), request::cancel);
  }
}
