package dev.birgus.infra.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.birgus.infra.credentials.Connections;
import java.io.IOException;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Connections to services beside the registries, through the same proxies and with the same
 * authorities. Certificates are always verified: what switches that off is meant for registries,
 * and these services are shown secrets.
 */
public final class ServiceConnections implements Connections {

  /** Metadata servers are next door or not there at all. */
  private static final int METADATA_PATIENCE = 2_000;

  private static final List<String> METADATA_NAMES =
      List.of("metadata.google.internal", "metadata.goog", "metadata");

  private final RegistrySettings settings;
  private final ProxyRoutes proxies;
  private final Map<String, SSLSocketFactory> sockets = new ConcurrentHashMap<>();

  /** Connections as registries are connected to. */
  public ServiceConnections(RegistrySettings settings) {
    this.settings = settings;
    this.proxies = new ProxyRoutes(settings.proxies());
  }

  @Override
  public HttpURLConnection open(URI address) throws IOException {
    var host = String.valueOf(address.getHost());
    var metadata = isMetadataServer(host);
    var route = metadata ? null : proxies.to(address).orElse(null);
    var proxy =
        route == null
            ? Proxy.NO_PROXY
            : new Proxy(Proxy.Type.HTTP, new InetSocketAddress(route.host(), route.port()));
    var opened = address.toURL().openConnection(proxy);
    if (!(opened instanceof HttpURLConnection connection)) {
      throw new IOException("not an http address: " + address.getScheme() + "://" + host);
    }
    if (connection instanceof HttpsURLConnection secure) {
      secure.setSSLSocketFactory(sockets.computeIfAbsent(host, this::socketsFor));
    }
    if (route != null) {
      authenticate(connection, route);
    }
    var patience = settings.patience();
    connection.setConnectTimeout(
        metadata ? METADATA_PATIENCE : Math.toIntExact(patience.connect().toMillis()));
    connection.setReadTimeout(Math.toIntExact(patience.progress().toMillis()));
    return connection;
  }

  private SSLSocketFactory socketsFor(String host) {
    return RegistryTrust.context(new Endpoint(host, List.of("https"), true), settings.trust())
        .getSocketFactory();
  }

  /** Whether it is a server of the machine itself, which no proxy can reach in our place. */
  private static boolean isMetadataServer(String host) {
    if (METADATA_NAMES.contains(host)) {
      return true;
    }
    try {
      return InetAddress.ofLiteral(host).isLinkLocalAddress();
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static void authenticate(HttpURLConnection connection, ProxyRoutes.Route route) {
    var shown = route.authorization().orElse("");
    if (!shown.startsWith("Basic ")) {
      return;
    }
    var pair = new String(Base64.getDecoder().decode(shown.substring("Basic ".length())), UTF_8);
    var colon = pair.indexOf(':');
    var account =
        new PasswordAuthentication(
            pair.substring(0, colon), pair.substring(colon + 1).toCharArray());
    connection.setAuthenticator(
        new Authenticator() {
          @Override
          protected @Nullable PasswordAuthentication getPasswordAuthentication() {
            return getRequestorType() == RequestorType.PROXY ? account : null;
          }
        });
  }
}
