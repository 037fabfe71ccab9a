package dev.birgus.infra.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which proxy a request goes through, if any. */
final class ProxyRoutes extends ProxySelector {

  private static final int HIGHEST_PORT = 65_535;

  private final ProxySettings settings;
  private final ProxyExemptions exemptions;

  ProxyRoutes(ProxySettings settings) {
    this.settings = settings;
    this.exemptions = new ProxyExemptions(settings.exempt());
  }

  /**
   * A way through a proxy.
   *
   * @param authorization what the proxy is to be shown; a secret
   */
  record Route(String host, int port, Optional<String> authorization) {

    /** How messages name it. */
    @Override
    public String toString() {
      return "the proxy " + host + ":" + port;
    }
  }

  /**
   * The way to an address; empty for the direct one.
   *
   * @throws FailureException if it is through a proxy we cannot use
   */
  Optional<Route> to(URI address) {
    var secure = "https".equalsIgnoreCase(address.getScheme());
    var proxy = secure ? settings.https() : settings.http();
    var port = address.getPort() >= 0 ? address.getPort() : secure ? 443 : 80;
    if (proxy.isBlank() || exemptions.covers(String.valueOf(address.getHost()), port)) {
      return Optional.empty();
    }
    return Optional.of(parse(secure ? "HTTPS_PROXY" : "HTTP_PROXY", proxy.strip()));
  }

  private static Route parse(String variable, String text) {
    var scheme = text.indexOf("://");
    var kind = scheme < 0 ? "http" : text.substring(0, scheme).toLowerCase(Locale.ROOT);
    if (!kind.equals("http")) {
      throw unusable(
          variable,
          "proxies of the kind "
              + (kind.matches("[a-z0-9+.-]{1,20}") ? kind : "it names")
              + ":// are not supported yet",
          "Give a proxy that begins with http://; it carries https all the same.");
    }
    try {
      var uri = new URI("http://" + (scheme < 0 ? text : text.substring(scheme + 3)));
      var host = uri.getHost();
      var port = uri.getPort() < 0 ? 80 : uri.getPort();
      if (host == null || port == 0 || port > HIGHEST_PORT) {
        throw malformed(variable);
      }
      return new Route(
          host, port, Optional.ofNullable(uri.getRawUserInfo()).map(ProxyRoutes::basic));
    } catch (URISyntaxException wrong) {
      // Its message would show the password, and so would that of a failure it is the cause of.
      throw malformed(variable);
    }
  }

  private static FailureException malformed(String variable) {
    return unusable(
        variable,
        "its value is not the address of a proxy",
        "Write http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT with special characters of both"
            + " percent-encoded.");
  }

  private static FailureException unusable(String variable, String why, String advice) {
    return Failure.of("proxy-unusable", "cannot use " + variable + ": " + why, advice)
        .toException();
  }

  private static String basic(String userInfo) {
    var colon = userInfo.indexOf(':');
    var user = colon < 0 ? userInfo : userInfo.substring(0, colon);
    var password = colon < 0 ? "" : userInfo.substring(colon + 1);
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(decoded(user));
    bytes.write(':');
    bytes.writeBytes(decoded(password));
    return "Basic " + Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  /** Undoes percent-encoding, and nothing else: a plus stays one. */
  private static byte[] decoded(String text) {
    var bytes = new ByteArrayOutputStream();
    for (var i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '%') {
        // The syntax of the address was checked: two digits follow.
        bytes.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
        i += 2;
      } else {
        bytes.writeBytes(String.valueOf(text.charAt(i)).getBytes(UTF_8));
      }
    }
    return bytes.toByteArray();
  }

  @Override
  public List<Proxy> select(URI address) {
    return List.of(
        to(address)
            .map(route ->
                new Proxy(
                    Proxy.Type.HTTP,
                    InetSocketAddress.createUnresolved(route.host(), route.port())))
            .orElse(Proxy.NO_PROXY));
  }

  @Override
  public void connectFailed(URI address, SocketAddress proxy, IOException failure) {
    // Who asked for the connection tells of it.
  }
}
