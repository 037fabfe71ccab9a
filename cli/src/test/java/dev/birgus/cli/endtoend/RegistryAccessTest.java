package dev.birgus.cli.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.testkit.RealRegistry;
import dev.birgus.infra.testkit.RegistryTokens;
import dev.birgus.infra.testkit.TokenServices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every way to tell who we are to a registry that wants tokens, and pulling by other ways. */
@Timeout(300)
class RegistryAccessTest {

  private static final String HOST = "registry.corp.test";

  /** Repositories by who may do anything there. */
  private static final Map<String, String> OWNERS = Map.of("team1/app", "one", "team2/app", "two");

  @TempDir Path folder;
  private RealRegistry registry;
  private RegistryTokens tokens;
  private TokenServices services;
  private Tunnels tunnels;

  @BeforeEach
  void aRegistryWithATokenService() throws Exception {
    Tool.needRoot();
    Tool.need("docker-registry", "openssl", "skopeo");
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

  /** Gives each user the repositories that are theirs, by password or by refresh token. */
  private TokenServices.Answer token(TokenServices.Asked asked) {
    var shown =
        asked.headers().getOrDefault("authorization", "Basic ").substring("Basic ".length());
    var pair = new String(Base64.getDecoder().decode(shown), UTF_8);
    var refresh = asked.field("refresh_token");
    var user =
        refresh.isEmpty() ? pair.replaceAll(":secret$", "") : refresh.replaceAll("^refresh-", "");
    var scopes =
        refresh.isEmpty()
            ? asked.parameters("scope")
            : Arrays.asList(asked.field("scope").split(" "));
    var granted = new ArrayList<String>();
    for (var scope : scopes) {
      if (user.equals(OWNERS.get(scope.split(":")[1]))) {
        granted.add(scope);
      }
    }
    try {
      return new TokenServices.Answer(
          200, "{\"token\":\"" + tokens.token(granted) + "\",\"expires_in\":300}");
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private BirgusProcess birgus() {
    return new BirgusProcess(folder.resolve("state"), folder)
        .with("HOME", folder.toString())
        .with("DOCKER_CONFIG", folder.resolve("docker").toString())
        .with("HTTPS_PROXY", tunnels.address())
        .with("NO_PROXY", "")
        .with("SSL_CERT_FILE", registry.authority().toString());
  }

  private void config(String json) throws IOException {
    Files.writeString(folder.resolve("docker/config.json"), json);
  }

  private static String basic(String user) {
    var pair = Base64.getEncoder().encodeToString((user + ":secret").getBytes(UTF_8));
    return "{\"auth\":\"" + pair + "\"}";
  }

  private void pushes(BirgusProcess birgus, String... repositories) throws Exception {
    var arguments = new ArrayList<>(List.of("--context=context", "--digest-file=digest"));
    for (var repository : repositories) {
      arguments.add("--destination=" + HOST + "/" + repository + ":1");
    }
    var outcome = birgus.run(arguments.toArray(String[]::new));
    assertThat(outcome.exitCode()).as(outcome.all()).isZero();
    assertThat(outcome.all()).doesNotContain("secret", "refresh-");
    for (var repository : repositories) {
      assertThat(
              Tool.sh(
                  folder,
                  "HTTPS_PROXY="
                      + tunnels.address()
                      + " NO_PROXY= SSL_CERT_FILE="
                      + registry.authority()
                      + " skopeo inspect --creds "
                      + OWNERS.get(repository)
                      + ":secret --format '{{.Digest}}' docker://"
                      + HOST
                      + "/"
                      + repository
                      + ":1"))
          .isEqualToIgnoringNewLines(Files.readString(folder.resolve("digest")));
    }
  }

  @Test
  void anEntryOfDockersConfiguration() throws Exception {
    config("{\"auths\":{\"" + HOST + "\":" + basic("one") + "}}");
    pushes(birgus(), "team1/app");
  }

  @Test
  void anInlineConfiguration() throws Exception {
    pushes(
        birgus().with("DOCKER_AUTH_CONFIG", "{\"auths\":{\"" + HOST + "\":" + basic("one") + "}}"),
        "team1/app");
  }

  @Test
  void entriesForPartsOfARegistryEachForItsOwn() throws Exception {
    config(
        "{\"auths\":{\"%s/team1\":%s,\"%s/team2\":%s}}"
            .formatted(HOST, basic("one"), HOST, basic("two")));
    pushes(birgus(), "team1/app", "team2/app");
  }

  @Test
  void anIdentityToken() throws Exception {
    config("{\"auths\":{\"" + HOST + "\":{\"auth\":\"MDA6\",\"identitytoken\":\"refresh-two\"}}}");
    pushes(birgus(), "team2/app");
    assertThat(services.asked()).anySatisfy(asked -> assertThat(asked.method()).isEqualTo("POST"));
  }

  @Test
  void aRegistryToken() throws Exception {
    var token = tokens.token(List.of("repository:team1/app:pull,push"));
    config("{\"auths\":{\"" + HOST + "\":{\"registrytoken\":\"" + token + "\"}}}");
    pushes(birgus(), "team1/app");
    assertThat(services.asked())
        .as("only by skopeo")
        .allSatisfy(asked -> assertThat(asked.address()).doesNotContain("push"));
  }

  @Test
  void aCredentialHelper() throws Exception {
    var helper = folder.resolve("docker-credential-corp");
    Files.writeString(
        helper, "#!/bin/sh\ncat >/dev/null\necho '{\"Username\":\"one\",\"Secret\":\"secret\"}'\n");
    Files.setPosixFilePermissions(helper, PosixFilePermissions.fromString("rwxr-xr-x"));
    config("{\"credHelpers\":{\"" + HOST + "\":\"corp\"}}");
    pushes(birgus().with("PATH", folder + ":/usr/bin:/bin:/usr/sbin:/sbin"), "team1/app");
  }

  @Test
  void variablesNamedForTheRegistry() throws Exception {
    pushes(
        birgus()
            .with("KANIKO_REGISTRY_CORP_TEST_USER", "one")
            .with("KANIKO_REGISTRY_CORP_TEST_PASSWORD", "secret"),
        "team1/app");
  }

  @Test
  void theAccountOfAGitLabJob() throws Exception {
    pushes(
        birgus()
            .with("CI_REGISTRY", HOST)
            .with("CI_REGISTRY_USER", "two")
            .with("CI_REGISTRY_PASSWORD", "secret"),
        "team2/app");
  }

  @Test
  void sourcesThatWereNotNamedAreNotAsked() throws Exception {
    var outcome =
        birgus()
            .with("CI_REGISTRY", HOST)
            .with("CI_REGISTRY_USER", "two")
            .with("CI_REGISTRY_PASSWORD", "secret")
            .run(
                "--context=context",
                "--destination=" + HOST + "/team2/app:1",
                "--credential-helpers=env",
                "--credential-helpers=ecr");

    assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(1);
    assertThat(outcome.err()).contains("error checking push permissions");
  }

  @Test
  void baseImagesComeFromTheMirrorTheMapOrNowhere() throws Exception {
    // given
    try (var mirror = RealRegistry.plain(Files.createDirectories(folder.resolve("mirror")))) {
      var pushed =
          birgus()
              .run("--context=context", "--destination=" + mirror.host() + "/hub/library/base:1");
      assertThat(pushed.exitCode()).as(pushed.all()).isZero();
      Files.writeString(folder.resolve("context/Dockerfile"), "FROM base:1\nCOPY file /again\n");

      // when: Docker Hub cannot be reached from here
      var mirrored =
          birgus()
              .run("--context=context", "--no-push", "--registry-mirror=" + mirror.host() + "/hub");
      var mapped =
          birgus()
              .with("KANIKO_REGISTRY_MAP", "index.docker.io=" + mirror.host() + "/hub")
              .run("--context=context", "--no-push", "--registry-mirror=gone.test");
      var lost =
          birgus()
              .run(
                  "--context=context",
                  "--no-push",
                  "--registry-mirror=" + mirror.host(),
                  "--skip-default-registry-fallback");

      // then
      assertThat(mirrored.exitCode()).as(mirrored.all()).isZero();
      assertThat(mapped.exitCode()).as(mapped.all()).isZero();
      assertThat(lost.exitCode()).as(lost.all()).isEqualTo(1);
      assertThat(lost.err()).contains("image not found on any configured mapped registries for ");
      assertThat(tunnels.asked()).doesNotContain("registry-1.docker.io:443", "gone.test:443");
    }
  }
}
