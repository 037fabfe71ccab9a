package dev.birgus.ingest.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.oci.ImageReference;
import dev.birgus.ingest.service.NamedContexts.Meaning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamedContextsTest {

  @TempDir Path here;

  @BeforeEach
  void makeFiles() throws IOException {
    Files.createDirectories(here.resolve("layout"));
    Files.writeString(here.resolve("layout/index.json"), "{}");
    for (var name : new String[] {"root.tar", "root.tar.gz", "root.TGZ", "root.zip"}) {
      Files.writeString(here.resolve(name), "");
    }
  }

  private Meaning read(String value) {
    return new NamedContexts(here).read("base", value);
  }

  @Test
  void aDirectoryIsFiles() {
    assertThat(read("layout")).isEqualTo(new Meaning.Directory(here.resolve("layout")));
    assertThat(read("dir://./layout")).isEqualTo(new Meaning.Directory(here.resolve("layout")));
  }

  @Test
  void anArchiveIsARootFileSystem() {
    for (var name : new String[] {"root.tar", "root.tar.gz", "root.TGZ"}) {
      assertThat(read(name))
          .isEqualTo(new Meaning.Image(new ImageSource.FromRootfsArchive(here + "/" + name)));
    }
  }

  @Test
  void aLayoutIsAnImageWithOrWithoutTag() {
    assertThat(read("oci-layout://layout"))
        .isEqualTo(new Meaning.Image(new ImageSource.FromLayout(here + "/layout", "")));
    assertThat(read("oci-layout://" + here + "/layout:v1.2"))
        .isEqualTo(new Meaning.Image(new ImageSource.FromLayout(here + "/layout", "v1.2")));
  }

  @Test
  void aReferenceIsAnImage() {
    assertThat(read("docker-image://r.example/app:1"))
        .isEqualTo(
            new Meaning.Image(
                new ImageSource.FromRegistry(ImageReference.parse("r.example/app:1"))));
  }

  @Test
  void aDigestSaysWhichImageOfALayout() {
    var digest = "sha256:" + "0".repeat(64);
    var expected = new Meaning.Image(new ImageSource.FromLayout(here + "/layout", digest));

    assertThat(read("oci-layout://layout@" + digest)).isEqualTo(expected);
    assertThat(read("oci-layout://layout:v1@" + digest)).isEqualTo(expected);
  }

  @Test
  void anAddressIsThatOfAnArchiveAndScratchIsNothing() {
    assertThat(read("https://example.com/x.tar?sign=1"))
        .isEqualTo(new Meaning.ArchiveAt("https://example.com/x.tar?sign=1"));
    assertThat(read("docker-image://scratch")).isEqualTo(new Meaning.Nothing());
  }

  @ParameterizedTest
  @ValueSource(strings = {"scratch", "context", "Upper", "", "a b"})
  void aNameNothingCanBeCalledIsRefused(String name) {
    assertThatThrownBy(() -> new NamedContexts(here).read(name, "layout"))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("--build-context " + name + "=layout");
  }

  @Test
  void passwordsInAddressesAreNotPrinted() {
    assertThatThrownBy(() -> read("https://me:secret@example.com/x.git"))
        .hasMessageContaining("base=https://example.com/x.git")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "gone",
        "root.zip",
        "https://example.com/x.git",
        "git://example.com/x",
        "docker-image://Not A Reference",
        "oci-layout://gone",
        "oci-layout://layout@sha256:0",
        "target:stage"
      })
  void anythingElseIsRefusedWithItsName(String value) {
    assertThatThrownBy(() -> read(value))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("--build-context base=" + value);
  }
}
