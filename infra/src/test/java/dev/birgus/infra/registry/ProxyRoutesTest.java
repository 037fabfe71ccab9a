package dev.birgus.infra.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.contracts.FailureException;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Go's rules for proxies. */
final class ProxyRoutesTest {

  private static ProxyRoutes routes(String... namesAndValues) {
    var environment = new java.util.HashMap<String, String>();
    for (var i = 0; i < namesAndValues.length; i += 2) {
      environment.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return new ProxyRoutes(ProxySettings.of(environment));
  }

  private static String route(ProxyRoutes routes, String address) {
    return routes.to(URI.create(address)).map(Object::toString).orElse("direct");
  }

  @ParameterizedTest(name = "NO_PROXY={0} on {1}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | registry.example | proxied",
        "'' | localhost:5000 | direct",
        "'' | LOCALHOST | direct",
        "'' | 127.0.0.1:5000 | direct",
        "'' | 127.8.9.10 | direct",
        "'' | [::1]:5000 | direct",
        "'' | localhost.example | proxied",
        "* | registry.example | direct",
        "other,* | registry.example | direct",
        "example | registry.example | direct",
        "example | example | direct",
        "example | myexample | proxied",
        ".example | registry.example | direct",
        ".example | example | proxied",
        "*.example | registry.example | direct",
        "*.example | example | proxied",
        "EXAMPLE | Registry.Example | direct",
        "' a , registry.example ' | registry.example | direct",
        "registry.example:5000 | registry.example:5000 | direct",
        "registry.example:5000 | registry.example | proxied",
        "registry.example:443 | registry.example | direct",
        "10.0.0.0/8 | 10.1.2.3:5000 | direct",
        "10.0.0.0/9 | 10.128.2.3 | proxied",
        "10.0.0.0/8 | 11.0.0.1 | proxied",
        "10.0.0.0/8 | ten.example | proxied",
        "0.0.0.0/0 | 10.1.2.3 | direct",
        "10.1.2.3 | 10.1.2.3:5000 | direct",
        "10.1.2.3:5000 | 10.1.2.3:5001 | proxied",
        "10.1.2.3:5000 | 10.1.2.3:5000 | direct",
        "2001:db8::/32 | [2001:db8::7]:5000 | direct",
        "2001:db8::7 | [2001:DB8:0::7] | direct",
        "[2001:db8::7]:5000 | [2001:db8::7]:5000 | direct",
        "[2001:db8::7]:5000 | [2001:db8::7]:5001 | proxied",
        "10.0.0.0/99 | 10.0.0.1 | proxied",
        "',,:80, ' | registry.example | proxied",
      })
  void whatIsExempt(String list, String host, String expected) {
    var routes = routes("HTTPS_PROXY", "proxy.example:3128", "NO_PROXY", list == null ? "" : list);

    assertThat(route(routes, "https://" + host + "/v2/"))
        .isEqualTo(expected.equals("direct") ? "direct" : "the proxy proxy.example:3128");
  }

  @Test
  void eachSchemeHasItsOwnProxy() {
    var routes = routes("HTTP_PROXY", "http://one:1", "HTTPS_PROXY", "http://two:2/");

    assertThat(route(routes, "http://registry.example")).isEqualTo("the proxy one:1");
    assertThat(route(routes, "https://registry.example")).isEqualTo("the proxy two:2");
    assertThat(route(routes("HTTP_PROXY", "one"), "https://registry.example")).isEqualTo("direct");
    assertThat(route(routes("HTTP_PROXY", "one"), "http://r.example")).endsWith("one:80");
  }

  @Test
  void lowerCaseCountsWhereUpperCaseIsNotSet() {
    assertThat(route(routes("https_proxy", "low:1"), "https://r.example")).endsWith("low:1");
    assertThat(route(routes("https_proxy", "low:1", "HTTPS_PROXY", "up:1"), "https://r.example"))
        .endsWith("up:1");
    assertThat(route(routes("https_proxy", "low:1", "no_proxy", "r.example"), "https://r.example"))
        .isEqualTo("direct");
  }

  @Test
  void behindAWebServerTheVariableIsAVisitorsWord() {
    assertThat(route(routes("HTTP_PROXY", "evil:1", "REQUEST_METHOD", "GET"), "http://r.example"))
        .isEqualTo("direct");
  }

  @Test
  void userAndPasswordAreDecodedAndNeverShown() {
    var routes = routes("HTTPS_PROXY", "http://me:p%40ss+%C3%A9@proxy.example:3128");

    var route = routes.to(URI.create("https://r.example")).orElseThrow();

    var shown =
        "Basic "
            + java.util.Base64.getEncoder()
                .encodeToString("me:p@ss+é".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertThat(route.authorization()).contains(shown);
    assertThat(route).hasToString("the proxy proxy.example:3128");
    assertThat(ProxySettings.of(Map.of("HTTPS_PROXY", "http://me:secret@p:1")).toString())
        .doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://me:secret@proxy:1",
        "socks5://me:secret@proxy:1",
        "http://me:secret@pro xy:1",
        "http://me:sec%ret@proxy:1",
        "http://me:secret@proxy:99999",
        "http://",
        "me:secret://",
      })
  void aProxyWeCannotUseIsRefusedByTheNameOfItsVariableWhenItIsNeeded(String value) {
    var routes = routes("HTTPS_PROXY", value);

    assertThat(route(routes, "https://localhost")).isEqualTo("direct");
    assertThatThrownBy(() -> route(routes, "https://registry.example"))
        .isInstanceOfSatisfying(
            FailureException.class,
            refused -> {
              assertThat(refused.failure().name()).isEqualTo("proxy-unusable");
              assertThat(refused.failure().message()).contains("HTTPS_PROXY");
              assertThat(refused).hasNoCause();
              assertThat(refused.failure().toString()).doesNotContain("sec");
            });
  }
}
