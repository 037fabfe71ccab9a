package dev.birgus.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.testkit.RealRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code birgus push} and {@code birgus login}, on images of FROM scratch, which need no root. */
class SavedImageTest {

  @TempDir Path folder;

  private BirgusProcess birgus() {
    return new BirgusProcess(folder.resolve("state"), folder)
        .with("DOCKER_CONFIG", folder.resolve("docker").toString());
  }

  @BeforeEach
  void anImage() throws IOException, InterruptedException {
    Files.writeString(folder.resolve("Dockerfile"), "FROM scratch\nLABEL a=b\n");
    var built =
        birgus()
            .run(
                "-c",
                ".",
                "--no-push",
                "--tar-path=image.tar",
                "--oci-layout-path=layout",
                "--digest-file=digest");
    assertThat(built.exitCode()).as(built.all()).isZero();
  }

  @Test
  void anArchiveIsPushedToTwoRepositoriesWithTheDigestItHad() throws Exception {
    Tool.need("docker-registry", "skopeo");
    try (var registry = RealRegistry.plain(folder.resolve("registry"))) {
      for (var path : new String[] {"image.tar", "layout"}) {
        // given
        var one = registry.host() + "/" + path.replace(".", "-") + "/one:1";
        var two = registry.host() + "/" + path.replace(".", "-") + "/two:2";

        // when
        var outcome =
            birgus().run("push", path, "-d", one, "--destination=" + two, "--digest-file=pushed");

        // then
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        var digest = Files.readString(folder.resolve("digest"));
        assertThat(folder.resolve("pushed")).hasContent(digest);
        assertThat(outcome.err())
            .contains("Pushed " + one.substring(0, one.length() - 2) + "@" + digest);
        for (var name : new String[] {one, two}) {
          assertThat(
                  Tool.sh(
                      folder,
                      "skopeo inspect --tls-verify=false --format '{{.Digest}}' docker://" + name))
              .isEqualToIgnoringNewLines(digest);
        }
      }
    }
  }

  @Test
  void oneDestinationThatFailsIsNamedAndTheOtherGetsTheImage() throws Exception {
    Tool.need("docker-registry", "skopeo");
    String gone;
    try (var registry = RealRegistry.plain(folder.resolve("gone"))) {
      gone = registry.host() + "/app:1";
    }
    try (var registry = RealRegistry.plain(folder.resolve("registry"))) {
      // given
      var there = registry.host() + "/app:1";

      // when
      var outcome =
          birgus()
              .run(
                  "-c",
                  ".",
                  "--destination=" + gone,
                  "--destination=" + there,
                  "--skip-push-permission-check",
                  "--digest-file=pushed");

      // then
      assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(1);
      assertThat(outcome.err())
          .contains("error pushing image: failed to push to destination " + gone)
          .contains("Pushed " + registry.host() + "/app@");
      assertThat(folder.resolve("pushed")).doesNotExist();
      Tool.sh(folder, "skopeo inspect --tls-verify=false docker://" + there);
    }
  }

  @Test
  void anImageForSeveralPlatformsIsPushedWhole() throws Exception {
    Tool.need("docker-registry", "skopeo", "buildah");
    Tool.sh(
        folder,
        "buildah --storage-driver vfs --root $PWD/b --runroot $PWD/r manifest create many;"
            + " buildah --storage-driver vfs --root $PWD/b --runroot $PWD/r manifest add many"
            + " oci:layout;"
            + " buildah --storage-driver vfs --root $PWD/b --runroot $PWD/r manifest push --all"
            + " many oci:index:1");
    try (var registry = RealRegistry.plain(folder.resolve("registry"))) {
      var outcome = birgus().run("push", "index", "-d", registry.host() + "/many:1");

      assertThat(outcome.exitCode()).as(outcome.all()).isZero();
      assertThat(
              Tool.sh(
                  folder,
                  "skopeo inspect --raw --tls-verify=false docker://"
                      + registry.host()
                      + "/many:1"))
          .contains("\"manifests\"");
    }
  }

  @Test
  void whoHasLoggedInMayPush() throws Exception {
    Tool.need("docker-registry");
    try (var registry = RealRegistry.withPassword(folder.resolve("registry"))) {
      // given
      var name = registry.host() + "/app:1";
      var stranger = birgus().run("push", "image.tar", "-d", name);
      assertThat(stranger.exitCode()).isEqualTo(1);
      assertThat(stranger.err()).contains("error checking push permissions");

      // when
      var login =
          birgus().start("login", registry.host(), "-u", RealRegistry.USER, "--password-stdin");
      try (var input = login.getOutputStream()) {
        input.write((RealRegistry.PASSWORD + "\n").getBytes(StandardCharsets.UTF_8));
      }
      var said = new String(login.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      // then
      assertThat(login.waitFor()).as(said).isZero();
      assertThat(said).contains("docker/config.json").doesNotContain(RealRegistry.PASSWORD);
      var config = folder.resolve("docker/config.json");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(config)))
          .isEqualTo("rw-------");
      var pushed = birgus().run("push", "image.tar", "-d", name);
      assertThat(pushed.exitCode()).as(pushed.all()).isZero();
    }
  }

  @Test
  void aPasswordOnTheCommandLineIsWarnedOfAndNotPrinted() throws Exception {
    Tool.need("docker-registry");
    try (var registry = RealRegistry.plain(folder.resolve("registry"))) {
      var outcome = birgus().run("login", registry.host(), "-u", "crab", "-p", "coconut");

      assertThat(outcome.exitCode()).as(outcome.all()).isZero();
      assertThat(outcome.err()).contains("Use --password-stdin");
      assertThat(outcome.all()).doesNotContain("coconut");
      var pair =
          Base64.getEncoder().encodeToString("crab:coconut".getBytes(StandardCharsets.UTF_8));
      assertThat(folder.resolve("docker/config.json")).content().contains(pair);
    }
  }

  @Test
  void aPasswordTheRegistryDoesNotAcceptIsNotStored() throws Exception {
    Tool.need("docker-registry");
    try (var registry = RealRegistry.withPassword(folder.resolve("registry"))) {
      // given
      var config = Files.createDirectories(folder.resolve("docker")).resolve("config.json");
      var before = "{\"auths\":{\"other.test\":{\"auth\":\"YTpi\"}}}";
      Files.writeString(config, before);

      // when
      var outcome =
          birgus()
              .run("login", registry.host(), "-u", RealRegistry.USER, "-p", "coconut", "-v=debug");

      // then
      assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(1);
      assertThat(outcome.err())
          .contains("cannot log in to " + registry.host() + ": the registry answered 401")
          .contains("the credentials from the command line are not accepted");
      var pair = RealRegistry.USER + ":coconut";
      assertThat(outcome.all())
          .doesNotContain("coconut")
          .doesNotContain(
              Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
      assertThat(config).hasContent(before);
    }
  }

  @Test
  void aRegistryIsAskedByItsOwnAuthorityOrWithoutChecking() throws Exception {
    Tool.need("docker-registry");
    var folderOfIt = folder.resolve("registry");
    try (var registry =
        RealRegistry.withTlsAndPassword(folderOfIt, "IP:127.0.0.1", RealRegistry.USER)) {
      // given
      var authority = registry.authority();
      var login =
          new String[] {
            "login", registry.host(), "-u", RealRegistry.USER, "-p", RealRegistry.PASSWORD, ""
          };

      // when
      login[6] = "--verbosity=info";
      var untrusted = birgus().run(login);
      var stored = Files.exists(folder.resolve("docker/config.json"));
      login[6] = "--registry-certificate=" + registry.host() + "=" + authority;
      var trusted = birgus().run(login);
      login[6] = "--skip-tls-verify";
      var unchecked = birgus().run(login);

      // then
      assertThat(untrusted.exitCode()).as(untrusted.all()).isEqualTo(1);
      assertThat(untrusted.err()).contains("its certificate is not accepted");
      assertThat(stored).isFalse();
      assertThat(trusted.exitCode()).as(trusted.all()).isZero();
      assertThat(unchecked.exitCode()).as(unchecked.all()).isZero();
    }
  }

  @Test
  void whatDoesNotBelongIsRefused() throws Exception {
    assertThat(birgus().run("push", "image.tar").err()).contains("needs a --destination");
    assertThat(birgus().run("push", "-d", "host.test/a").err()).contains("needs a path");
    assertThat(birgus().run("push", "image.tar", "-d", "a", "--target=x").err())
        .contains("--target means nothing to the command \"push\"");
    assertThat(birgus().run("login", "-u", "crab", "-p", "x").err()).contains("needs a registry");
    assertThat(
            birgus().run("login", "host.test", "-u", "a", "-p", "x", "--registry-mirror=b").err())
        .contains("--registry-mirror means nothing to the command \"login\"");
    assertThat(birgus().run("login", "host.test", "-u", "crab").err())
        .contains("either --password-stdin or --password");
    assertThat(birgus().run("--no-push", "-p", "coconut").err())
        .contains("--password is for the command \"login\"")
        .doesNotContain("coconut");
  }
}
