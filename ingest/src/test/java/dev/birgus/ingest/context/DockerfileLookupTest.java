package dev.birgus.ingest.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.contracts.FailureException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerfileLookupTest {

  private static final String KANIKO_WORDS =
      "error resolving dockerfile path: please provide a valid path to a Dockerfile within the"
          + " build context with --dockerfile";

  private static final RemoteFiles NOWHERE =
      address -> {
        throw new IOException("there is nothing at " + address);
      };

  @TempDir Path temp;
  private Path context = Path.of("");
  private Path here = Path.of("");

  @BeforeEach
  void makeDirectories() throws IOException {
    context = Files.createDirectory(temp.toRealPath().resolve("context"));
    here = Files.createDirectory(temp.resolve("here"));
  }

  private DockerfileLookup.Found find(String value) {
    return find(value, false);
  }

  private DockerfileLookup.Found find(String value, boolean isForeign) {
    return new DockerfileLookup(new PreparedContext(context, isForeign), here)
        .find(value, StandardInput.empty(), NOWHERE);
  }

  private void missing(String value, String... words) {
    assertThatThrownBy(() -> find(value))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining(KANIKO_WORDS)
        .satisfies(e -> assertThat(e.getMessage()).contains(words));
  }

  @Test
  void whereTheUserStandsComesBeforeTheContext() throws IOException {
    // given
    Files.writeString(context.resolve("Dockerfile"), "FROM context");

    // then
    assertThat(find("Dockerfile").dockerfile().text()).isEqualTo("FROM context");
    Files.writeString(here.resolve("Dockerfile"), "FROM here");
    assertThat(find("Dockerfile").dockerfile().text()).isEqualTo("FROM here");
    assertThat(find("Dockerfile").dockerfile().name()).isEqualTo("Dockerfile");
    assertThat(find(context.resolve("Dockerfile").toString()).dockerfile().text())
        .isEqualTo("FROM context");
  }

  @Test
  void aDirectoryWhereTheUserStandsDoesNotHideTheFileInTheContext() throws IOException {
    // given
    Files.createDirectory(here.resolve("Dockerfile"));
    Files.writeString(context.resolve("Dockerfile"), "FROM context");

    // then
    assertThat(find("Dockerfile").dockerfile().text()).isEqualTo("FROM context");
  }

  @Test
  void whatIsNotThereIsSaidInKanikosWords() throws IOException {
    // given
    Files.createDirectory(context.resolve("dir"));
    Files.createSymbolicLink(context.resolve("broken"), Path.of("gone"));

    // then
    missing("Dockerfile", "Dockerfile");
    missing("dir", "is a directory");
    missing("broken", "is not a file");
    missing("", "is a directory");
  }

  @Test
  void anAddressThatCannotBeReadIsNamedWithoutItsPassword() {
    assertThatThrownBy(() -> find("https://me:secret@example.com/Dockerfile"))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("the Dockerfile https://example.com/Dockerfile cannot be read");
  }

  @Test
  void whatIsNoTextIsRefused() throws IOException {
    // given
    Files.write(context.resolve("binary"), new byte[] {'F', (byte) 0xff, 0});
    Files.write(context.resolve("huge"), new byte[(16 << 20) + 1]);

    // then
    assertThatThrownBy(() -> find("binary")).hasMessageContaining("not UTF-8");
    assertThatThrownBy(() -> find("huge")).hasMessageContaining("larger than");
  }

  @Test
  void commentsMayBeInAnotherEncoding() throws IOException {
    // given
    var latin1 = java.nio.charset.StandardCharsets.ISO_8859_1;
    Files.write(context.resolve("old"), "# caf\u00e9\nFROM x\n  # \u00fcber\n".getBytes(latin1));
    Files.write(context.resolve("words"), "FROM x\nLABEL a=\u00e9\n".getBytes(latin1));
    Files.write(
        context.resolve("inline"), "FROM x\nCOPY <<E /a\n# caf\u00e9\nE\n".getBytes(latin1));

    // then
    assertThat(find("old").dockerfile().text()).isEqualTo("# caf\uFFFD\nFROM x\n  # \uFFFDber\n");
    assertThatThrownBy(() -> find("words")).hasMessageContaining("not UTF-8 text in line 2");
    assertThatThrownBy(() -> find("inline")).hasMessageContaining("not UTF-8 text in line 3");
  }

  @Test
  void aByteOrderMarkIsDropped() throws IOException {
    Files.writeString(context.resolve("Dockerfile"), "\uFEFFFROM x");
    assertThat(find("Dockerfile").dockerfile().text()).isEqualTo("FROM x");
  }

  @Test
  void theIgnoreFileBesideTheDockerfileWins() throws IOException {
    // given
    Files.writeString(context.resolve("Dockerfile"), "FROM x");
    Files.writeString(context.resolve(".dockerignore"), "Dockerfile\ncommon");

    // then: the Dockerfile is read although it is ignored
    assertThat(find("Dockerfile").rules().excludes("common")).isTrue();
    Files.writeString(context.resolve("Dockerfile.dockerignore"), "special");
    assertThat(find("Dockerfile").rules().excludes("common")).isFalse();
    assertThat(find("Dockerfile").rules().excludes("special")).isTrue();
  }

  @Test
  void standardInputIsADockerfile() {
    // given
    var lookup = new DockerfileLookup(new PreparedContext(context, false), here);
    var stream = new ByteArrayInputStream("FROM stdin".getBytes(StandardCharsets.UTF_8));

    // then
    assertThat(lookup.find("-", new StandardInput(stream, false), NOWHERE).dockerfile().text())
        .isEqualTo("FROM stdin");
    assertThatThrownBy(() -> lookup.find("-", new StandardInput(stream, true), NOWHERE))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("terminal");
  }

  @Test
  void aLinkInAnArchiveCannotMakeUsReadFilesOutside() throws IOException {
    // given
    var secret = Files.writeString(temp.resolve("secret"), "secret");
    Files.createSymbolicLink(context.resolve("Dockerfile"), secret);
    Files.createSymbolicLink(context.resolve(".dockerignore"), secret);
    Files.writeString(context.resolve("Good"), "FROM x");

    // then
    assertThat(find("Dockerfile", false).dockerfile().text()).isEqualTo("secret");
    assertThatThrownBy(() -> find("Dockerfile", true)).hasMessageContaining("leads outside");
    assertThatThrownBy(() -> find("Good", true)).hasMessageContaining("leads outside");
    assertThatThrownBy(() -> find("../secret", true)).hasMessageContaining("leads outside");
  }
}
