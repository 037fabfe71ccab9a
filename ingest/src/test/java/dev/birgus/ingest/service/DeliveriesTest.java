package dev.birgus.ingest.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.birgus.infra.contracts.Delivery;
import dev.birgus.infra.contracts.Delivery.ToDigestFile.Content;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.oci.ImageReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveriesTest {

  @TempDir Path here;

  private Deliveries of(RequestedOutputs outputs) {
    var paths = new OutputPaths(here);
    var deliveries = Deliveries.of(outputs, paths);
    paths.createParents();
    return deliveries;
  }

  private static RequestedOutputs pushed(String... destinations) {
    return outputs(false, destinations, "", "", "");
  }

  private static RequestedOutputs outputs(
      boolean noPush, String[] destinations, String tar, String layout, String digestFile) {
    return new RequestedOutputs(
        List.of(destinations),
        noPush,
        given(tar),
        given(layout),
        given(digestFile),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static Optional<String> given(String value) {
    return value.isEmpty() ? Optional.empty() : Optional.of(value);
  }

  private static RequestedOutputs tar(String path) {
    return outputs(true, new String[0], path, "", "");
  }

  private void refused(RequestedOutputs outputs, String words) {
    assertThatThrownBy(() -> of(outputs))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining(words);
  }

  @Test
  void registriesComeFirstThenTarLayoutAndDigestFiles() {
    // given
    var outputs =
        new RequestedOutputs(
            List.of("r.example/app:1", "app"),
            false,
            Optional.of("image.tar"),
            Optional.of("layout"),
            Optional.of("digest"),
            Optional.of("name"),
            Optional.of("tag"),
            Optional.of("out"));

    // when
    var made = of(outputs);

    // then
    assertThat(made.tags()).containsExactly("r.example/app:1", "app:latest");
    assertThat(made.deliveries())
        .containsExactly(
            new Delivery.ToRegistry(ImageReference.parse("r.example/app:1"), "r.example/app:1"),
            new Delivery.ToRegistry(ImageReference.parse("app"), "app"),
            new Delivery.ToTar(here + "/image.tar"),
            new Delivery.ToLayout(here + "/layout"),
            new Delivery.ToDigestFile(here + "/digest", Content.DIGEST),
            new Delivery.ToDigestFile(here + "/name", Content.NAME_AND_DIGEST),
            new Delivery.ToDigestFile(here + "/tag", Content.NAME_TAG_AND_DIGEST),
            new Delivery.ToDigestFile(here + "/out/images", Content.BUILDER_OUTPUT));
  }

  @Test
  void withoutPushADestinationOnlyNamesTheImage() {
    // when
    var made = of(outputs(true, new String[] {"localhost:5000/app"}, "image.tar", "", ""));

    // then
    assertThat(made.tags()).containsExactly("localhost:5000/app:latest");
    assertThat(made.deliveries()).containsExactly(new Delivery.ToTar(here + "/image.tar"));
  }

  @Test
  void anImageNobodyNamedHasKanikosName() {
    assertThat(of(tar("image.tar")).tags())
        .containsExactly("docker.io/unset-repo/unset-image-name:latest");
  }

  @Test
  void theSamePlaceIsPushedToOnce() {
    assertThat(of(pushed("app", "docker.io/library/app:latest", "app:2")).tags())
        .containsExactly("app:latest", "app:2");
  }

  @Test
  void aDestinationMustBeGivenInKanikosWords() {
    refused(pushed(), "you must provide --destination, or use --no-push");
    refused(
        new RequestedOutputs(
            List.of(),
            true,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of("names"),
            Optional.empty(),
            Optional.empty()),
        "you must provide --destination if setting --image-name-with-digest-file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "UPPER/case", "a b", "app:", "-/x:y:z"})
  void aDestinationThatIsNoReferenceIsRefused(String destination) {
    refused(pushed(destination), "--destination " + destination);
  }

  @Test
  void aDestinationWithADigestIsRefused() {
    refused(pushed("app@sha256:" + "0".repeat(64)), "has a digest");
  }

  @Test
  void aTarNeedsADirectoryThatIsThere() throws IOException {
    Files.createDirectory(here.resolve("dir"));
    Files.writeString(here.resolve("file"), "");

    refused(tar("gone/image.tar"), "there is no directory");
    refused(tar("dir"), "it is a directory");
    refused(tar("file/image.tar"), "there is no directory");
    refused(tar("/dev/null"), "a device or a pipe");
    refused(tar("/"), "it is");
    assertThat(of(tar("file")).deliveries()).containsExactly(new Delivery.ToTar(here + "/file"));
    assertThat(of(tar("dir/../x.tar")).deliveries())
        .containsExactly(new Delivery.ToTar(here + "/x.tar"));
  }

  @Test
  void aDirectoryWithoutPermissionIsRefused() throws IOException {
    assumeFalse((int) Files.getAttribute(here, "unix:uid") == 0, "root may write everywhere");
    Files.createDirectory(
        here.resolve("locked"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-xr-xr-x")));

    refused(tar("locked/image.tar"), "no permission");
  }

  @Test
  void directoriesOfADigestFileAreMadeForTheirOwnerOnly() throws IOException {
    // when
    of(outputs(true, new String[0], "", "", "a/b/digest"));

    // then
    assertThat(Files.getPosixFilePermissions(here.resolve("a/b")))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    assertThat(here.resolve("a/b/digest")).doesNotExist();
  }

  @Test
  void nothingIsMadeIfAnythingIsWrong() throws IOException {
    Files.writeString(here.resolve("file"), "");

    refused(outputs(true, new String[0], "", "file/layout", "a/b/digest"), "not a directory");
    refused(outputs(true, new String[0], "gone/x.tar", "", "a/b/digest"), "no directory");
    refused(
        outputs(true, new String[0], "", "l", "http://example.com/d"), "cannot be sent to a URL");
    assertThat(here.resolve("a")).doesNotExist();
  }

  @Test
  void twoOutputsCannotShareAPath() {
    refused(outputs(true, new String[0], "x", "", "./x"), "two outputs");
  }
}
