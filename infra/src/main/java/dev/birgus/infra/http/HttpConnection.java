package dev.birgus.infra.http;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * One connection. Whoever waits in it is freed when it is closed by anybody, or when they are
 * interrupted: its sockets are those of channels.
 */
final class HttpConnection {

  private static final int SUCCESSES = 100;

  private final HttpRoute route;
  private final SocketChannel channel;
  private final Consumer<HttpConnection> whenClosed;
  private @Nullable SocketSource source;
  private @Nullable OutputStream sink;

  private HttpConnection(
      HttpRoute route, SocketChannel channel, Consumer<HttpConnection> whenClosed) {
    this.route = route;
    this.channel = channel;
    this.whenClosed = whenClosed;
  }

  /**
   * Connects.
   *
   * @param patience for each address of the host
   * @param made told of the connection while it is being made, so that somebody can close it
   * @throws HttpConnectTimeoutException if nobody answers in that time
   */
  static HttpConnection connect(
      HttpRoute route,
      Duration patience,
      Consumer<HttpConnection> made,
      Consumer<HttpConnection> whenClosed)
      throws IOException {
    var host = route.proxy().map(HttpRoute.Proxy::host).orElse(route.host());
    var port = route.proxy().map(HttpRoute.Proxy::port).orElse(route.port());
    IOException failure = new UnknownHostException(host);
    for (var address : InetAddress.getAllByName(host)) {
      var channel = SocketChannel.open();
      var connection = new HttpConnection(route, channel, whenClosed);
      made.accept(connection);
      try {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        connection.connect(new InetSocketAddress(address, port), patience);
        return connection;
      } catch (IOException unreachable) {
        connection.close();
        failure = unreachable;
      }
    }
    throw failure;
  }

  private void connect(InetSocketAddress address, Duration patience) throws IOException {
    try {
      channel.socket().connect(address, Math.toIntExact(patience.toMillis()));
      use(channel.socket());
    } catch (SocketTimeoutException late) {
      var timeout = new HttpConnectTimeoutException("no connection in time");
      timeout.initCause(late);
      throw timeout;
    }
  }

  private void use(Socket socket) throws IOException {
    source = new SocketSource(socket.getInputStream());
    sink = socket.getOutputStream();
  }

  /**
   * Asks the proxy for a way through.
   *
   * @return its answer if it refuses
   */
  Optional<ResponseHead> tunnel(HttpRoute.Proxy proxy, String userAgent) throws IOException {
    var request = new StringBuilder();
    request.append("CONNECT ").append(route.authority()).append(" HTTP/1.1\r\n");
    request.append("Host: ").append(route.authority()).append("\r\n");
    request.append("User-Agent: ").append(userAgent).append("\r\n");
    proxy
        .authorization()
        .ifPresent(shown -> request.append("Proxy-Authorization: ").append(shown).append("\r\n"));
    write(request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    var head = ResponseHead.read(source());
    return head.status() / SUCCESSES == 2 ? Optional.empty() : Optional.of(head);
  }

  /** Speaks TLS from now on. The server has to be who the route says. */
  void secure(SSLContext tls) throws IOException {
    var made =
        tls.getSocketFactory().createSocket(channel.socket(), route.host(), route.port(), true);
    if (!(made instanceof SSLSocket socket)) {
      throw new IllegalStateException("TLS without a TLS socket");
    }
    var parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setApplicationProtocols(new String[] {"http/1.1"});
    socket.setSSLParameters(parameters);
    try {
      socket.startHandshake();
    } catch (SSLException failed) {
      throw BrokenTls.told(failed);
    }
    use(socket);
  }

  HttpRoute route() {
    return route;
  }

  SocketSource source() {
    var made = source;
    if (made == null) {
      throw new IllegalStateException("not connected");
    }
    return made;
  }

  void write(byte[] bytes) throws IOException {
    write(bytes, 0, bytes.length);
  }

  void write(byte[] bytes, int offset, int length) throws IOException {
    var made = sink;
    if (made == null) {
      throw new IllegalStateException("not connected");
    }
    try {
      made.write(bytes, offset, length);
    } catch (SSLException broken) {
      throw BrokenTls.told(broken);
    }
  }

  /**
   * Whether the server still waits for a request. One that has said anything since its last answer
   * does not: it takes its leave, or is out of step.
   */
  boolean isUsable() {
    if (source().isBuffered()) {
      return false;
    }
    try {
      channel.configureBlocking(false);
      try {
        return channel.read(ByteBuffer.allocate(1)) == 0;
      } finally {
        channel.configureBlocking(true);
      }
    } catch (IOException gone) {
      return false;
    }
  }

  /** Breaks it off, whoever uses it. TLS is not taken leave of, as that could take its time. */
  void close() {
    try {
      channel.close();
    } catch (IOException gone) {
      // That is all that was wanted.
    }
    whenClosed.accept(this);
  }
}
