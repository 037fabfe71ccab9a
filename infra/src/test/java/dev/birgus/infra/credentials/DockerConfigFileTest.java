package dev.birgus.infra.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.credentials.Credential.UserPassword;
import dev.birgus.infra.credentials.DockerConfigFile.Stored;
import dev.birgus.infra.observe.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DockerConfigFileTest {

  private static final UserPassword CREDENTIAL = new UserPassword("crab", "coco:nut");

  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("docker/config.json");
  }

  private CredentialSettings settings() {
    return new CredentialSettings(
        Optional.empty(),
        List.of(file()),
        List.of(folder),
        Duration.ofSeconds(30),
        List.of(),
        Map.of());
  }

  private Stored store(String registry) {
    return new DockerConfigFile(settings()).store(registry, CREDENTIAL);
  }

  private Optional<Credential> found(String registry) {
    return CredentialChain.of(settings(), _ -> failing(), Journal.silent())
        .find(registry, "team/app");
  }

  private static java.net.HttpURLConnection failing() throws IOException {
    throw new IOException("nobody is asked");
  }

  private void existing(String text) throws IOException {
    Files.createDirectories(file().getParent());
    Files.writeString(file(), text);
  }

  @ParameterizedTest
  @CsvSource({
    "registry.test,registry.test",
    "https://registry.test:5000/,registry.test:5000",
    "docker.io,index.docker.io",
    "index.docker.io,index.docker.io"
  })
  void whatIsStoredIsFoundAgain(String written, String asked) {
    var stored = store(written);

    assertThat(stored).isEqualTo(new Stored.InFile(file()));
    assertThat(found(asked)).contains(CREDENTIAL);
  }

  @Test
  void theFileIsItsOwnersAlone() throws IOException {
    existing("{}");
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-rw-rw-"));

    store("registry.test");

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    try (var all = Files.list(file().getParent())) {
      assertThat(all).containsExactly(file());
    }
  }

  @Test
  void everythingElseStays() throws IOException {
    existing(
        "{\"auths\":{\"other.test\":{\"auth\":\"YTpi\"},\"registry.test\":{\"identitytoken\":\"t\"}},"
            + "\"credHelpers\":{\"gcr.io\":\"gcr\"},\"proxies\":{\"default\":{\"x\":1}}}");

    store("registry.test");

    assertThat(Files.readString(file()))
        .contains("\"other.test\":{\"auth\":\"YTpi\"}")
        .contains("\"credHelpers\":{\"gcr.io\":\"gcr\"}")
        .contains("\"proxies\":{\"default\":{\"x\":1}}")
        .doesNotContain("identitytoken");
  }

  @Test
  void aLinkStaysOne() throws IOException {
    Files.createDirectories(file().getParent());
    var target = Files.writeString(folder.resolve("real.json"), "{}");
    Files.createSymbolicLink(file(), target);

    store("registry.test");

    assertThat(file()).isSymbolicLink();
    assertThat(target).content().contains("registry.test");
  }

  @Test
  void aHelperGetsThePasswordThroughAPipe() throws IOException {
    // given
    existing("{\"credsStore\":\"chest\"}");
    var helper = folder.resolve("docker-credential-chest");
    Files.writeString(
        helper,
        "#!/bin/sh\necho \"$@\" > '" + folder + "/arguments'; cat > '" + folder + "/got'\n");
    Files.setPosixFilePermissions(helper, PosixFilePermissions.fromString("rwx------"));

    // when
    var stored = store("registry.test");

    // then
    assertThat(stored).isEqualTo(new Stored.InStore("chest"));
    assertThat(folder.resolve("arguments")).hasContent("store\n");
    assertThat(folder.resolve("got"))
        .hasContent(
            "{\"ServerURL\":\"registry.test\",\"Username\":\"crab\",\"Secret\":\"coco:nut\"}");
    assertThat(Files.readString(file())).contains("\"registry.test\":{}").doesNotContain("auth\"");
  }

  @Test
  void aHelperThatFailsIsToldWithoutThePassword() throws IOException {
    existing("{\"credHelpers\":{\"registry.test\":\"chest\"}}");
    var helper = folder.resolve("docker-credential-chest");
    Files.writeString(helper, "#!/bin/sh\ncat; exit 3\n");
    Files.setPosixFilePermissions(helper, PosixFilePermissions.fromString("rwx------"));

    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> store("registry.test"))
        .withMessageContaining("docker-credential-chest")
        .withMessageContaining("exit code 3")
        .satisfies(thrown -> assertThat(thrown.toString()).doesNotContain("coco"));
    assertThat(file()).content().doesNotContain("auths");
  }

  @Test
  void aBrokenFileIsLeftAsItIs() throws IOException {
    existing("{\"auths\":");

    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> store("registry.test"))
        .withMessageContaining("is not a JSON object");
    assertThat(file()).hasContent("{\"auths\":");
  }

  @Test
  void withoutAPlaceNothingIsStored() {
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> new DockerConfigFile(CredentialSettings.NONE))
        .withMessageContaining("neither DOCKER_CONFIG nor HOME");
  }
}
