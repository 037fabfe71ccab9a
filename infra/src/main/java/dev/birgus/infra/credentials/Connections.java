package dev.birgus.infra.credentials;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/**
 * Opens connections to the services that hand out credentials: through the proxies and with the
 * authorities that registries are reached with.
 */
public interface Connections {

  /** A connection that is not connected yet, with bounded waiting. */
  HttpURLConnection open(URI address) throws IOException;
}
