package dev.birgus.infra.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.credentials.Credential.IdentityToken;
import dev.birgus.infra.credentials.Credential.UserPassword;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
final class BuiltInSourcesTest {

  @TempDir Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private final List<String> notes = new ArrayList<>();

  private CredentialChain chain(BuiltInSource... sources) {
    environment.putIfAbsent("HOME", folder.toString());
    var settings = CredentialSettings.fromEnvironment(environment);
    return CredentialChain.of(
        sources.length == 0 ? settings : settings.asking(List.of(sources)),
        BuiltInSourcesTest::noService,
        (level, message, context) -> notes.add(level + " " + message + context));
  }

  private static HttpURLConnection noService(URI address) throws IOException {
    throw new IOException("there is no " + address.getHost());
  }

  private void config(String json) throws IOException {
    Files.createDirectories(folder.resolve(".docker"));
    Files.writeString(folder.resolve(".docker/config.json"), json);
  }

  @ParameterizedTest
  @CsvSource({
    "ghcr.io, GHCR_IO, true",
    "my-reg.corp.example.com, MY_REG_CORP_EXAMPLE_COM, true",
    "my-reg.corp.example.com, EXAMPLE_COM, true",
    "index.docker.io, DOCKER_IO, true",
    "harbor.test:8443, HARBOR_TEST_8443, true",
    "notghcr.io, GHCR_IO, false",
    "ghcr.io.evil.test, GHCR_IO, false"
  })
  void variablesAreNamedForAHostOrTheEndOfIt(String registry, String name, boolean found) {
    environment.put("KANIKO_" + name + "_USER", "me");
    environment.put("KANIKO_" + name + "_PASSWORD", "secret");

    assertThat(chain().find(registry, "app").isPresent()).isEqualTo(found);
  }

  @Test
  void theLongestNameCountsAndHalfAPairDoesNot() {
    environment.put("KANIKO_B_TEST_USER", "short");
    environment.put("KANIKO_B_TEST_PASSWORD", "x");
    environment.put("KANIKO_A_B_TEST_USER", "long");
    assertThat(chain().find("a.b.test", "app")).contains(new UserPassword("short", "x"));

    environment.put("KANIKO_A_B_TEST_PASSWORD", "y");
    assertThat(chain().find("a.b.test", "app")).contains(new UserPassword("long", "y"));

    environment.put("KANIKO_A_B_TEST_USER", "<token>");
    assertThat(chain().find("a.b.test", "app")).contains(new IdentityToken("y"));
  }

  @ParameterizedTest
  @CsvSource({
    "registry.gitlab.test, registry.gitlab.test, true",
    "registry.gitlab.test:5050, registry.gitlab.test:5050, true",
    "https://registry.gitlab.test, registry.gitlab.test, true",
    "registry.gitlab.test, other.test, false",
    "registry.gitlab.test, registry.gitlab.test.evil.test, false",
    "registry.gitlab.test, index.docker.io, false",
    "registry.gitlab.test:5050, registry.gitlab.test, false"
  })
  void aGitLabJobShowsItsAccountToItsOwnRegistryOnly(String own, String registry, boolean found) {
    environment.put("CI_REGISTRY", own);
    environment.put("CI_REGISTRY_USER", "gitlab-ci-token");
    environment.put("CI_REGISTRY_PASSWORD", "secret");

    assertThat(chain().find(registry, "team/app").isPresent()).isEqualTo(found);
  }

  @Test
  void dockersConfigurationIsAskedBeforeThem() throws IOException {
    config("{\"auths\":{\"ghcr.io\":{\"username\":\"file\",\"password\":\"x\"}}}");
    environment.put("KANIKO_GHCR_IO_USER", "variable");
    environment.put("KANIKO_GHCR_IO_PASSWORD", "x");

    assertThat(chain().find("ghcr.io", "app")).contains(new UserPassword("file", "x"));
  }

  @Test
  void theyAreAskedInTheOrderGivenAndNoOthers() {
    environment.put("KANIKO_R_TEST_USER", "variable");
    environment.put("KANIKO_R_TEST_PASSWORD", "x");
    environment.put("CI_REGISTRY", "r.test");
    environment.put("CI_REGISTRY_USER", "job");
    environment.put("CI_REGISTRY_PASSWORD", "x");

    assertThat(chain(BuiltInSource.GITLAB, BuiltInSource.ENV).find("r.test", "a"))
        .contains(new UserPassword("job", "x"));
    assertThat(chain(BuiltInSource.ENV).find("r.test", "a"))
        .contains(new UserPassword("variable", "x"));
    assertThat(chain(BuiltInSource.ECR).find("r.test", "a")).isEmpty();
  }

  @Test
  void aBrokenCloudLeavesUsAnonymousWithANoteAndItsReasonIsKept() {
    // given
    environment.put("GOOGLE_APPLICATION_CREDENTIALS", "/no/such.json");
    var chain = chain();

    // when
    var found = chain.find("eu.gcr.io", "p/app");
    var again = chain.find("eu.gcr.io", "p/other");

    // then
    assertThat(found).isEmpty();
    assertThat(again).isEmpty();
    assertThat(notes)
        .singleElement()
        .asString()
        .startsWith("WARN ")
        .contains("eu.gcr.io", "/no/such.json");
    assertThat(chain.reasonForNone("eu.gcr.io").orElseThrow())
        .startsWith("Google gave no credentials: ")
        .contains("/no/such.json");
    assertThat(chain.reasonForNone("index.docker.io")).isEmpty();
  }

  @Test
  void outsideOfAzureItsRegistriesAreAnonymousWithoutAWarning() {
    assertThat(chain().find("team.azurecr.io", "app")).isEmpty();
    assertThat(notes).singleElement().asString().startsWith("DEBUG ");
  }

  @Test
  void helpersOfKanikosImageThatAreNotHereAreStoodInFor() throws IOException {
    // given: what kaniko's documentation has people mount
    config("{\"credsStore\":\"ecr-login\",\"credHelpers\":{\"team.azurecr.io\":\"acr-env\"}}");

    // then
    assertThat(chain().find("index.docker.io", "library/busybox")).isEmpty();
    assertThat(chain().find("team.azurecr.io", "app")).isEmpty();
    assertThatThrownBy(() -> chain(BuiltInSource.ENV).find("index.docker.io", "library/busybox"))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("docker-credential-ecr-login");
  }
}
