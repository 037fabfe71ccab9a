package dev.birgus.infra.registry;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * The proxies a request may have to go through, as environments name them. Nothing is looked at
 * before a request needs it: the variables may be there for other programs.
 *
 * @param http for addresses that begin with {@code http}; empty for none
 * @param https for addresses that begin with {@code https}; empty for none
 * @param exempt hosts reached without one, separated by commas: names, which stand for what is
 *     below them too, names with a leading dot or {@code *.} for only that, addresses, ranges of
 *     addresses (CIDR), each but the last with an optional port; {@code *} for every host
 */
public record ProxySettings(String http, String https, String exempt) {

  /** No proxy for anything. */
  public static final ProxySettings NONE = new ProxySettings("", "", "");

  public ProxySettings {
    requireNonNull(http, "http");
    requireNonNull(https, "https");
    requireNonNull(exempt, "exempt");
  }

  /**
   * The settings Go programs, kaniko among them, take from {@code HTTP_PROXY}, {@code HTTPS_PROXY}
   * and {@code NO_PROXY}; in lower case they count where they are not set in upper case.
   */
  public static ProxySettings of(Map<String, String> environment) {
    // What runs behind a web server gets the header "Proxy" of a request in HTTP_PROXY.
    var behindServer = !environment.getOrDefault("REQUEST_METHOD", "").isEmpty();
    return new ProxySettings(
        behindServer ? "" : first(environment, "HTTP_PROXY", "http_proxy"),
        first(environment, "HTTPS_PROXY", "https_proxy"),
        first(environment, "NO_PROXY", "no_proxy"));
  }

  private static String first(Map<String, String> environment, String upper, String lower) {
    var value = environment.getOrDefault(upper, "");
    return value.isEmpty() ? environment.getOrDefault(lower, "") : value;
  }

  /** A proxy's address may hold a password. */
  @Override
  public String toString() {
    return "ProxySettings[http="
        + (http.isEmpty() ? "none" : "set")
        + ", https="
        + (https.isEmpty() ? "none" : "set")
        + ", exempt="
        + exempt
        + "]";
  }
}
