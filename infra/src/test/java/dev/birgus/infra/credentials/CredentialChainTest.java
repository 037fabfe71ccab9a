package dev.birgus.infra.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.credentials.Credential.IdentityToken;
import dev.birgus.infra.credentials.Credential.RegistryToken;
import dev.birgus.infra.credentials.Credential.UserPassword;
import dev.birgus.infra.observe.Journal;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CredentialChainTest {

  @TempDir Path folder;

  private static String auth(String user, String password) {
    var pair = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
    return "{\"auth\":\"" + pair + "\"}";
  }

  private static CredentialChain chain(CredentialSettings settings) {
    return CredentialChain.of(settings, CredentialChainTest::noService, Journal.silent());
  }

  private static HttpURLConnection noService(URI address) throws IOException {
    throw new IOException("there is no " + address.getHost());
  }

  private Optional<Credential> find(String config, String registry, String repository)
      throws IOException {
    var file = Files.writeString(folder.resolve("config.json"), config);
    var settings =
        new CredentialSettings(
            Optional.empty(),
            List.of(file),
            List.of(folder),
            Duration.ofSeconds(30),
            List.of(),
            Map.of());
    return chain(settings).find(registry, repository);
  }

  private void helper(String name, String script) throws IOException {
    var file = folder.resolve("docker-credential-" + name);
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @ParameterizedTest
  @CsvSource({
    "https://index.docker.io/v1/, index.docker.io",
    "docker.io, index.docker.io",
    "registry-1.docker.io, index.docker.io",
    "registry.test, registry.test",
    "https://registry.test, registry.test",
    "http://registry.test/v2/, registry.test",
    "Registry.Test:5000, registry.test:5000"
  })
  void anEntryMayBeWrittenInManyWays(String key, String registry) throws IOException {
    assertThat(find("{\"auths\":{\"" + key + "\":" + auth("me", "a:b") + "}}", registry, "app"))
        .contains(new UserPassword("me", "a:b"));
  }

  @ParameterizedTest
  @CsvSource({
    "org1/app, one",
    "org1, one",
    "org2/app, all",
    "org10/app, all",
    "org1/team/app, team"
  })
  void theLongestFittingEntryWins(String repository, String user) throws IOException {
    var config =
        "{\"auths\":{\"quay.test\":%s,\"quay.test/org1\":%s,\"quay.test/org1/team\":%s}}"
            .formatted(auth("all", "x"), auth("one", "x"), auth("team", "x"));

    assertThat(find(config, "quay.test", repository)).contains(new UserPassword(user, "x"));
  }

  @ParameterizedTest
  @CsvSource({"registry.test.evil.test", "evilregistry.test", "registry.test:5000"})
  void anotherRegistryGetsNothing(String registry) throws IOException {
    assertThat(find("{\"auths\":{\"registry.test\":" + auth("me", "x") + "}}", registry, "app"))
        .isEmpty();
  }

  @Test
  void tokensAreToldFromPasswords() throws IOException {
    assertThat(find("{\"auths\":{\"r.test\":{\"registrytoken\":\"t\"}}}", "r.test", "a"))
        .contains(new RegistryToken("t"));
    assertThat(
            find(
                "{\"auths\":{\"r.test\":{\"auth\":\"MDA6\",\"identitytoken\":\"t\"}}}",
                "r.test",
                "a"))
        .contains(new IdentityToken("t"));
    assertThat(
            find("{\"auths\":{\"r.test\":{\"username\":\"u\",\"password\":\"p\"}}}", "r.test", "a"))
        .contains(new UserPassword("u", "p"));
  }

  @Test
  void aHelperOfTheRegistryIsAskedWithTheRegistrysName() throws IOException {
    helper(
        "good",
        "read server; echo \"{\\\"Username\\\":\\\"$server\\\",\\\"Secret\\\":\\\"s\\\"}\"");

    var config = "{\"credHelpers\":{\"r.test\":\"good\"},\"credsStore\":\"missing\"}";

    assertThat(find(config, "r.test", "a")).contains(new UserPassword("r.test", "s"));
  }

  @Test
  void theStoreIsAskedForDockerHubByItsOldAddress() throws IOException {
    helper(
        "store",
        "read server; echo \"{\\\"Username\\\":\\\"$server\\\",\\\"Secret\\\":\\\"s\\\"}\"");

    assertThat(find("{\"credsStore\":\"store\"}", "index.docker.io", "library/a"))
        .contains(new UserPassword("https://index.docker.io/v1/", "s"));
  }

  @Test
  void aUserCalledTokenMeansAnIdentityToken() throws IOException {
    helper("token", "echo '{\"Username\":\"<token>\",\"Secret\":\"s\"}'");

    assertThat(find("{\"credsStore\":\"token\"}", "r.test", "a")).contains(new IdentityToken("s"));
  }

  @Test
  void aStoreThatHasNothingLeavesTheWordToTheFile() throws IOException {
    helper("empty", "echo 'credentials not found in native keychain'; exit 1");
    var config = "{\"credsStore\":\"empty\",\"auths\":{\"r.test\":" + auth("me", "x") + "}}";

    assertThat(find(config, "r.test", "a")).contains(new UserPassword("me", "x"));
    assertThat(find(config, "other.test", "a")).isEmpty();
  }

  @Test
  void aHelperThatFailsIsNamedAndWhatItSaysIsNot() throws IOException {
    helper("broken", "echo hunter2; echo hunter2 >&2; exit 3");

    assertThatThrownBy(() -> find("{\"credsStore\":\"broken\"}", "r.test", "a"))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("docker-credential-broken")
        .hasMessageContaining("exit code 3")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void aHelperThatIsNotInstalledIsNamed() {
    assertThatThrownBy(() -> find("{\"credsStore\":\"gone\"}", "r.test", "a"))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("docker-credential-gone")
        .hasMessageContaining("config.json");
  }

  @Test
  void aHelperThatHangsIsEndedWithItsChildren() throws Exception {
    var pid = folder.resolve("pid");
    helper("slow", "sleep 1000 & echo $! > " + pid + ".new; mv " + pid + ".new " + pid + "; wait");
    var file = Files.writeString(folder.resolve("config.json"), "{\"credsStore\":\"slow\"}");
    var settings =
        new CredentialSettings(
            Optional.empty(),
            List.of(file),
            List.of(folder),
            Duration.ofSeconds(2),
            List.of(),
            Map.of());

    assertThatThrownBy(() -> chain(settings).find("r.test", "a"))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("no answer");
    var child = ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()));
    if (child.isPresent()) {
      child.get().onExit().get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void aBrokenFileIsNamedAndItsContentIsNot() {
    for (var config :
        List.of(
            "{\"auths\": hunter2",
            "[\"hunter2\"]",
            "{\"auths\":{\"r.test\":{\"auth\":\"aHVudGVyMg==\"}}}")) {
      assertThatThrownBy(() -> find(config, "r.test", "a"))
          .isInstanceOf(FailureException.class)
          .hasMessageContaining(folder.resolve("config.json").toString())
          .hasMessageNotContaining("hunter2")
          .hasMessageNotContaining("aHVudGVyMg");
    }
  }

  @Test
  void theFirstPlaceThatKnowsTheRegistryIsBelieved() throws IOException {
    // given
    var docker = Files.createDirectories(folder.resolve("home/.docker"));
    var runtime = Files.createDirectories(folder.resolve("run/containers"));
    var entry = "{\"auths\":{\"%s\":%s}}";
    Files.writeString(docker.resolve("config.json"), entry.formatted("a.test", auth("home", "x")));
    Files.writeString(runtime.resolve("auth.json"), entry.formatted("b.test", auth("run", "x")));
    var environment = new HashMap<String, String>();
    environment.put("HOME", folder.resolve("home").toString());
    environment.put("XDG_RUNTIME_DIR", folder.resolve("run").toString());
    environment.put("REGISTRY_AUTH_FILE", "");

    // when, then
    var usual = chain(CredentialSettings.fromEnvironment(environment));
    assertThat(usual.find("a.test", "x")).contains(new UserPassword("home", "x"));
    assertThat(usual.find("b.test", "x")).contains(new UserPassword("run", "x"));
    assertThat(usual.find("c.test", "x")).isEmpty();

    environment.put("DOCKER_AUTH_CONFIG", entry.formatted("a.test", auth("inline", "x")));
    var inline = chain(CredentialSettings.fromEnvironment(environment));
    assertThat(inline.find("a.test", "x")).contains(new UserPassword("inline", "x"));
  }

  @Test
  void noSecretIsInTheTextOfSettingsAndCredentials() {
    var settings =
        CredentialSettings.fromEnvironment(Map.of("DOCKER_AUTH_CONFIG", "{\"hunter2\":1}"));
    assertThat(settings.toString()).doesNotContain("hunter2");
    for (var credential :
        List.of(
            new UserPassword("me", "hunter2"),
            new IdentityToken("hunter2"),
            new RegistryToken("hunter2"))) {
      assertThat(credential.toString()).doesNotContain("hunter2");
    }
  }
}
