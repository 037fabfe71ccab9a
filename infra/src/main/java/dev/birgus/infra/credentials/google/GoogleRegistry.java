package dev.birgus.infra.credentials.google;

import java.util.Locale;

/** Which registries are Google's. */
public final class GoogleRegistry {

  private GoogleRegistry() {}

  /** Whether a registry may be shown a Google access token, by its whole host name. */
  public static boolean serves(String registry) {
    var host = registry.toLowerCase(Locale.ROOT);
    return host.equals("gcr.io")
        || host.endsWith(".gcr.io")
        || host.endsWith(".pkg.dev")
        || host.endsWith(".google.com");
  }
}
