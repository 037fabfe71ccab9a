package dev.birgus.infra.http;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/**
 * The way to a server. Connections are kept for later requests that go the same way.
 *
 * @param secure whether TLS is spoken
 * @param host a name, or an address without brackets
 * @param port of the server, 1 to 65535
 * @param proxy what is in between
 */
public record HttpRoute(boolean secure, String host, int port, Optional<Proxy> proxy) {

  private static final int TLS_PORT = 443;
  private static final int PLAIN_PORT = 80;
  private static final int HIGHEST_PORT = 65_535;

  public HttpRoute {
    requireNonNull(host, "host");
    requireNonNull(proxy, "proxy");
    if (host.isEmpty() || port < 1 || port > HIGHEST_PORT) {
      throw new IllegalArgumentException("no server's address: " + host + ":" + port);
    }
  }

  /**
   * A proxy that is spoken to in plain HTTP.
   *
   * @param authorization what it is shown; a secret
   */
  public record Proxy(String host, int port, Optional<String> authorization) {
    public Proxy {
      requireNonNull(host, "host");
      requireNonNull(authorization, "authorization");
    }

    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /**
   * The way to an address.
   *
   * @throws IllegalArgumentException if it is not an http or https address with a host
   */
  public static HttpRoute to(URI address, Optional<Proxy> proxy) {
    var scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
    var host = address.getHost();
    if (host == null || !(scheme.equals("https") || scheme.equals("http"))) {
      throw new IllegalArgumentException("not an http address");
    }
    var secure = scheme.equals("https");
    var port = address.getPort() >= 0 ? address.getPort() : usualPort(secure);
    var bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return new HttpRoute(secure, bare.toLowerCase(Locale.ROOT), port, proxy);
  }

  /** Whether a proxy asks the server in our place, which it does where nothing is encrypted. */
  boolean isAskedByProxy() {
    return proxy.isPresent() && !secure;
  }

  /** Host and port, as a proxy is told them. */
  String authority() {
    return bracketed() + ":" + port;
  }

  /** Host and port, as the header {@code Host} has them: without a port that is the usual one. */
  String hostHeader() {
    return port == usualPort(secure) ? bracketed() : authority();
  }

  private String bracketed() {
    return host.indexOf(':') < 0 ? host : "[" + host + "]";
  }

  private static int usualPort(boolean secure) {
    return secure ? TLS_PORT : PLAIN_PORT;
  }
}
