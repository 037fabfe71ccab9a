package dev.birgus.cli.endtoend;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.testkit.RealRegistry;
import dev.birgus.infra.testkit.RegistryTokens;
import dev.birgus.infra.testkit.TokenServices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * However we tell a registry who we are, and whether it likes it or not: nothing of it is printed,
 * however much is asked to be told, nor in the list of processes, nor in what is left behind.
 */
@Timeout(300)
class SecretsTest {

  private static final String HOST = "registry.corp.test";
  private static final String GOOD = "good-5ecret";
  private static final String BAD = "bad-5ecret";

  @TempDir Path folder;
  private final List<String> given = new CopyOnWriteArrayList<>();
  private final List<String> processes = new CopyOnWriteArrayList<>();
  private RealRegistry registry;
  private RegistryTokens tokens;
  private TokenServices services;
  private Tunnels tunnels;

  @BeforeEach
  void aRegistryWithATokenService() throws Exception {
    Tool.needRoot();
    Tool.need("docker-registry", "openssl");
    Files.createDirectories(folder.resolve("context"));
    Files.createDirectories(folder.resolve("docker"));
    Files.writeString(folder.resolve("context/Dockerfile"), "FROM scratch\nCOPY file /\n");
    Files.writeString(folder.resolve("context/file"), "crab\n");
    var place = Files.createDirectories(folder.resolve("registry"));
    registry =
        RealRegistry.withTlsAndTokens(
            place, "DNS:" + HOST + ",DNS:auth.corp.test", "https://auth.corp.test/token");
    tokens = new RegistryTokens(place);
    services = TokenServices.withTls(tokens.tls()).on("auth.corp.test", this::token);
    tunnels = new Tunnels().lead(HOST, registry.host()).lead("auth.corp.test", services.address());
  }

  @AfterEach
  void end() throws IOException {
    tunnels.close();
    services.close();
    registry.close();
  }

  /** Gives tokens to who has the good secret, and looks at the processes meanwhile. */
  private TokenServices.Answer token(TokenServices.Asked asked) {
    processes.addAll(commandLines());
    var shown =
        asked.headers().getOrDefault("authorization", "Basic ").substring("Basic ".length());
    var pair = new String(Base64.getDecoder().decode(shown), UTF_8);
    if (!pair.equals("me:" + GOOD) && !asked.field("refresh_token").equals(GOOD)) {
      return new TokenServices.Answer(401, "{\"details\":\"incorrect username or password\"}");
    }
    return new TokenServices.Answer(
        200, "{\"token\":\"" + registryToken("pull,push") + "\",\"expires_in\":300}");
  }

  private String registryToken(String actions) {
    try {
      var token = tokens.token(List.of("repository:app:" + actions));
      given.add(token);
      return token;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static List<String> commandLines() {
    try (var entries = Files.list(Path.of("/proc"))) {
      var lines = new ArrayList<String>();
      for (var process : entries.toList()) {
        if (process.getFileName().toString().matches("\\d+")) {
          try {
            lines.add(Files.readString(process.resolve("cmdline")).replace('\0', ' '));
          } catch (IOException _) {
            // It has ended meanwhile.
          }
        }
      }
      return lines;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private BirgusProcess birgus(Map<String, String> environment) {
    var birgus =
        new BirgusProcess(folder.resolve("state"), folder)
            .with("HOME", folder.toString())
            .with("DOCKER_CONFIG", folder.resolve("docker").toString())
            .with("HTTPS_PROXY", tunnels.address())
            .with("NO_PROXY", "")
            .with("SSL_CERT_FILE", registry.authority().toString());
    environment.forEach(birgus::with);
    return birgus;
  }

  private static String pair(String secret) {
    return Base64.getEncoder().encodeToString(("me:" + secret).getBytes(UTF_8));
  }

  /** Writes a secret to where a scheme has it, and gives the environment it needs. */
  private Map<String, String> set(String scheme, String secret) throws IOException {
    var config = folder.resolve("docker/config.json");
    switch (scheme) {
      case "auth" -> auths(config, "{\"auth\":\"" + pair(secret) + "\"}");
      case "password" -> auths(config, "{\"username\":\"me\",\"password\":\"" + secret + "\"}");
      case "identity" -> auths(config, "{\"identitytoken\":\"" + secret + "\"}");
      case "registry" -> {
        var token = registryToken(secret.equals(GOOD) ? "pull,push" : "pull");
        auths(config, "{\"registrytoken\":\"" + token + "\"}");
      }
      case "helper" -> {
        var helper = folder.resolve("docker-credential-corp");
        var answer = "{\"Username\":\"me\",\"Secret\":\"" + secret + "\"}";
        Files.writeString(helper, "#!/bin/sh\ncat >/dev/null\necho '" + answer + "'\n");
        Files.setPosixFilePermissions(helper, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(config, "{\"credHelpers\":{\"" + HOST + "\":\"corp\"}}");
        return Map.of("PATH", folder + ":/usr/bin:/bin:/usr/sbin:/sbin");
      }
      case "inline" -> {
        var entry = "{\"auth\":\"" + pair(secret) + "\"}";
        return Map.of("DOCKER_AUTH_CONFIG", "{\"auths\":{\"" + HOST + "\":" + entry + "}}");
      }
      case "variables" -> {
        return Map.of(
            "KANIKO_REGISTRY_CORP_TEST_USER", "me", "KANIKO_REGISTRY_CORP_TEST_PASSWORD", secret);
      }
      case "gitlab" -> {
        return Map.of(
            "CI_REGISTRY", HOST, "CI_REGISTRY_USER", "me", "CI_REGISTRY_PASSWORD", secret);
      }
      default -> throw new IllegalArgumentException(scheme);
    }
    return Map.of();
  }

  private static void auths(Path config, String entry) throws IOException {
    Files.writeString(config, "{\"auths\":{\"" + HOST + "\":" + entry + "}}");
  }

  @ParameterizedTest
  @CsvSource({
    "auth, trace, the entry \"registry.corp.test\" of DOCKER",
    "password, debug, the entry \"registry.corp.test\" of DOCKER",
    "identity, trace, the entry \"registry.corp.test\" of DOCKER",
    "registry, trace, the entry \"registry.corp.test\" of DOCKER",
    "helper, debug, 'docker-credential-corp, which DOCKER names'",
    "inline, trace, the entry \"registry.corp.test\" of the variable DOCKER_AUTH_CONFIG",
    "variables, debug, KANIKO_REGISTRY_CORP_TEST_PASSWORD",
    "gitlab, trace, CI_REGISTRY_PASSWORD"
  })
  void noSecretIsToldAndItsSourceIs(String scheme, String verbosity, String source)
      throws Exception {
    for (var secret : List.of(GOOD, BAD)) {
      // when
      var outcome =
          birgus(set(scheme, secret))
              .run(
                  "--context=context",
                  "--destination=" + HOST + "/app:1",
                  "--verbosity=" + verbosity);

      // then
      assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(secret.equals(GOOD) ? 0 : 1);
      assertThat(outcome.err()).contains("a request to a registry method=");
      if (secret.equals(GOOD)) {
        assertThat(outcome.err())
            .containsPattern(
                "method=POST url=https://registry.corp.test/v2/app/blobs/uploads/ status=202 ms=");
      } else {
        var file = folder.resolve("docker/config.json").toString();
        assertThat(outcome.err())
            .contains("error checking push permissions", "the credentials from ")
            .contains(source.replaceFirst("DOCKER(?!_)", file));
      }
      toldNothing(outcome.all());
    }
    toldNothing(String.join("\n", processes));
    try (var files = Files.walk(folder.resolve("state"))) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        toldNothing(Files.readString(file, ISO_8859_1));
      }
    }
  }

  private void toldNothing(String text) {
    var secrets = new ArrayList<>(given);
    secrets.addAll(List.of(GOOD, BAD, pair(GOOD), pair(BAD), "Authorization: ", "_state=e"));
    assertThat(text).doesNotContain(secrets);
  }

  @ParameterizedTest
  @CsvSource({"quay.io, 'only for quay.io (in '", "'', there are no credentials for registry"})
  void thatThereAreNoneIsToldWithThoseOfOtherHosts(String other, String expected) throws Exception {
    // given
    if (!other.isEmpty()) {
      Files.writeString(
          folder.resolve("docker/config.json"),
          "{\"auths\":{\"" + other + "\":{\"auth\":\"" + pair(GOOD) + "\"}}}");
    }

    // when
    var outcome = birgus(Map.of()).run("--context=context", "--destination=" + HOST + "/app:1");

    // then
    assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(1);
    assertThat(outcome.err())
        .contains("there are no credentials for " + HOST, expected)
        .contains("give credentials for " + HOST);
    toldNothing(outcome.all());
  }
}
