package dev.birgus.infra.http;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * Connections to servers that share one idea of whom to trust. They are kept for a while after an
 * answer, and used again by requests that go the same way. As many are open as requests run.
 */
public final class HttpConnections implements AutoCloseable {

  private static final TimeValue KEPT = TimeValue.ofSeconds(30);

  /** After so long a wait a connection is asked whether it is still there. */
  private static final TimeValue TRUSTED = TimeValue.ofMilliseconds(100);

  private static final int UNLIMITED = 1 << 20;
  private static final int BUFFER = 16 << 10;
  private static final int LONGEST_LINE = 64 << 10;
  private static final int MOST_HEADERS = 500;

  private final CloseableHttpClient client;
  private final BooleanSupplier certificateAsked;

  /**
   * No connections yet.
   *
   * @param tls whom to trust, and what to show
   * @param connect how long a connection may take to be made, for each address of a host
   * @param userAgent what servers are told that are not told otherwise, and proxies
   */
  public HttpConnections(SSLContext tls, Duration connect, String userAgent) {
    this(tls, () -> false, connect, userAgent);
  }

  /**
   * No connections yet, to servers that may want a certificate.
   *
   * @param certificateAsked whether one was asked for that there is not
   */
  public HttpConnections(
      SSLContext tls, BooleanSupplier certificateAsked, Duration connect, String userAgent) {
    requireNonNull(tls, "tls");
    this.certificateAsked = requireNonNull(certificateAsked, "certificateAsked");
    // Redirects, authorizations and what is tried again are decided by those who call.
    this.client =
        HttpClients.custom()
            .setConnectionManager(manager(tls, connect))
            .setRoutePlanner((host, context) -> ExchangeContext.of(context).route(host))
            .setRequestExecutor(new TunnelExecutor())
            .setRetryStrategy(new StaleConnectionRetry())
            .setConnectionReuseStrategy((request, response, context) ->
                ExchangeContext.of(context).isReusable(request, response))
            .setDefaultRequestConfig(requests())
            .setUserAgent(requireNonNull(userAgent, "userAgent"))
            .disableRedirectHandling()
            .disableAuthCaching()
            .disableCookieManagement()
            .disableContentCompression()
            .disableConnectionState()
            .evictExpiredConnections()
            .build();
  }

  private static RequestConfig requests() {
    return RequestConfig.custom()
        .setAuthenticationEnabled(false)
        .setProtocolUpgradeEnabled(false)
        .setConnectionKeepAlive(KEPT)
        .build();
  }

  private static HttpClientConnectionManager manager(SSLContext tls, Duration connect) {
    var heads =
        Http1Config.custom()
            .setBufferSize(BUFFER)
            .setMaxLineLength(LONGEST_LINE)
            .setMaxHeaderCount(MOST_HEADERS)
            .build();
    var made =
        ManagedHttpClientConnectionFactory.builder()
            .http1Config(heads)
            .responseParserFactory(new WholeHeads(heads))
            .responseOutOfOrderStrategy(new EarlyAnswers())
            .build();
    return new InterruptibleSockets()
        .setConnectionFactory(made)
        .setTlsSocketStrategy(
            (socket, host, port, attachment, context) -> secure(tls, socket, host, port, context))
        .setDefaultConnectionConfig(
            ConnectionConfig.custom()
                .setConnectTimeout(Timeout.of(connect))
                .setValidateAfterInactivity(TRUSTED)
                .build())
        // Who waits for the answer limits the handshake.
        .setDefaultTlsConfig(TlsConfig.custom().setHandshakeTimeout(Timeout.DISABLED).build())
        .setMaxConnTotal(UNLIMITED)
        .setMaxConnPerRoute(UNLIMITED)
        .build();
  }

  /** Speaks TLS from now on. A server that fails at that is not looked for at other addresses. */
  private static SSLSocket secure(
      SSLContext tls, Socket socket, String host, int port, HttpContext context) {
    try {
      return new DefaultClientTlsStrategy(tls, HostnameVerificationPolicy.BUILTIN, null)
          .upgrade(socket, host, port, null, context);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Sockets of channels: whoever waits in one is freed when they are interrupted. */
  private static final class InterruptibleSockets
      extends PoolingHttpClientConnectionManagerBuilder {

    @Override
    protected HttpClientConnectionOperator createConnectionOperator(
        SchemePortResolver ports, DnsResolver names, TlsSocketStrategy tls) {
      return new DefaultHttpClientConnectionOperator(
          _ -> SocketChannel.open().socket(),
          ports,
          names,
          scheme -> URIScheme.HTTPS.same(scheme) ? tls : null);
    }
  }

  /** Whether a server has asked for a certificate that there is not. */
  public boolean isCertificateAsked() {
    return certificateAsked.getAsBoolean();
  }

  /**
   * Sends a request on a thread of its own.
   *
   * @param proxy what is in between, if anything
   */
  public HttpExchange send(HttpRequest request, Optional<HttpProxy> proxy) {
    return HttpExchange.start(client, request, proxy);
  }

  /** Breaks all connections, whoever uses them. */
  @Override
  public void close() {
    client.close(CloseMode.IMMEDIATE);
  }
}
