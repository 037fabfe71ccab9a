package dev.birgus.infra.registry;

import java.net.URI;
import java.util.Set;

/** Addresses as they may be told: queries are often signed, which makes them secrets. */
final class RedactedAddress {

  private static final Set<String> HARMLESS =
      Set.of("digest", "mount", "from", "n", "last", "scope", "service", "artifactType");

  private RedactedAddress() {}

  /** The address, of whose parameters only those that cannot be secret have their values. */
  static String of(URI address) {
    var text = new StringBuilder();
    text.append(address.getScheme()).append("://").append(address.getHost());
    if (address.getPort() >= 0) {
      text.append(':').append(address.getPort());
    }
    text.append(address.getRawPath());
    var query = address.getRawQuery();
    if (query == null) {
      return text.toString();
    }
    var separator = '?';
    for (var pair : query.split("&")) {
      var equals = pair.indexOf('=');
      var name = equals < 0 ? "" : pair.substring(0, equals);
      text.append(separator).append(HARMLESS.contains(name) ? pair : name + "=...");
      separator = '&';
    }
    return text.toString();
  }
}
