package dev.birgus.infra.http;

import java.util.Optional;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.impl.DefaultClientConnectionReuseStrategy;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** What the parts of the client know of the request they work on. */
final class ExchangeContext extends HttpClientContext {

  private final Optional<HttpProxy> proxy;
  private final @Nullable StreamEntity content;

  ExchangeContext(Optional<HttpProxy> proxy, @Nullable StreamEntity content) {
    this.proxy = proxy;
    this.content = content;
  }

  static ExchangeContext of(HttpContext context) {
    return (ExchangeContext) context;
  }

  /** Whether a proxy asks the server in our place. */
  boolean isAskedByProxy() {
    return proxy.isPresent() && !getHttpRoute().isTunnelled();
  }

  /** What the proxy is shown; a secret. */
  Optional<String> proxyAuthorization() {
    return proxy.flatMap(HttpProxy::authorization);
  }

  /** The way to a server: what is encrypted goes through a tunnel, all else by the proxy. */
  HttpRoute route(HttpHost target) {
    var secure = target.getSchemeName().equals("https");
    var port = target.getPort() >= 0 ? target.getPort() : secure ? 443 : 80;
    var server = new HttpHost(target.getSchemeName(), target.getHostName(), port);
    return proxy
        .map(known ->
            new HttpRoute(server, null, new HttpHost("http", known.host(), known.port()), secure))
        .orElseGet(() -> new HttpRoute(server, null, secure));
  }

  /** Whether the connection is in step behind the answer. */
  boolean isReusable(HttpRequest request, HttpResponse response) {
    return (content == null || content.isSent())
        && DefaultClientConnectionReuseStrategy.INSTANCE.keepAlive(request, response, this);
  }
}
