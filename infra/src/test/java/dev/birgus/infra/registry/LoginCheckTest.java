package dev.birgus.infra.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.credentials.Credential;
import dev.birgus.infra.credentials.TypedCredentials;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.testkit.RealRegistry;
import dev.birgus.infra.testkit.RegistryTokens;
import dev.birgus.infra.testkit.TokenServices;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether a registry accepts a user and a password. */
final class LoginCheckTest {

  @TempDir Path folder;

  private static void check(String host, String user, String password) throws IOException {
    var typed = new TypedCredentials(new Credential.UserPassword(user, password), "standard input");
    try (var registries = new RemoteRegistries(RegistrySettings.DEFAULT, typed, Journal.silent())) {
      registries.checkLogin(host);
    }
  }

  private static void assertRefused(String host, String user) {
    assertThatThrownBy(() -> check(host, user, "coconut"))
        .isInstanceOfSatisfying(
            RegistryException.class,
            refused -> {
              assertThat(refused.failure().name()).isEqualTo("registry-denied");
              assertThat(refused.failure().message())
                  .startsWith("cannot log in to " + host)
                  .contains("the credentials from standard input are not accepted")
                  .doesNotContain("coconut");
            });
  }

  @Test
  void aRegistryWithPasswordsSaysWhetherOneIsRight() throws IOException {
    try (var real = RealRegistry.withPassword(folder)) {
      assertThatCode(() -> check(real.host(), RealRegistry.USER, RealRegistry.PASSWORD))
          .doesNotThrowAnyException();
      assertRefused(real.host(), RealRegistry.USER);
    }
  }

  @Test
  void aTokenServiceSaysWhetherAPasswordIsRight() throws IOException, GeneralSecurityException {
    try (var services = new TokenServices();
        var real = RealRegistry.withTokens(folder, "http://" + services.address() + "/token")) {
      services.on("127.0.0.1", new RegistryTokens(folder).service("me", "secret"));

      assertThatCode(() -> check(real.host(), "me", "secret")).doesNotThrowAnyException();
      assertRefused(real.host(), "me");
    }
  }

  @Test
  void aRegistryThatLetsEverybodyInAcceptsEverything() throws IOException {
    try (var real = RealRegistry.plain(folder)) {
      assertThatCode(() -> check(real.host(), "crab", "coconut")).doesNotThrowAnyException();
    }
  }

  @Test
  void oneThatIsNotThereAcceptsNothing() throws IOException {
    String gone;
    try (var real = RealRegistry.plain(folder)) {
      gone = real.host();
    }

    assertThatThrownBy(() -> check(gone, "crab", "coconut"))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("the connection was refused")
        .hasMessageNotContaining("coconut");
  }
}
