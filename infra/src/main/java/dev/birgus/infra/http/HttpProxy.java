package dev.birgus.infra.http;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * A proxy that is spoken to in plain HTTP.
 *
 * @param authorization what it is shown; a secret
 */
public record HttpProxy(String host, int port, Optional<String> authorization) {
  public HttpProxy {
    requireNonNull(host, "host");
    requireNonNull(authorization, "authorization");
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
