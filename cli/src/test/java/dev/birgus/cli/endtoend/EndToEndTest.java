package dev.birgus.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.testkit.RealRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds that work, read back by programs that are not ours. */
class EndToEndTest {

  private static final String DOCKERFILE =
      """
      ARG GREETING=hello
      FROM base AS words
      ARG GREETING
      WORKDIR /words
      COPY --chown=app:extra in.txt ./
      RUN echo "$GREETING $(cat in.txt)" > out.txt && rm -f /bin/vi

      FROM base AS unused
      RUN exit 9

      FROM base AS facts
      USER app
      RUN ["sh", "-c", "id > /tmp/facts; pwd >> /tmp/facts"]

      FROM base
      ENV COLOUR=blue SIZE="very large"
      LABEL "a label"="with spaces"
      COPY --from=words /words /data/
      COPY --from=facts /tmp/facts /data/facts
      EXPOSE 80 53/udp
      VOLUME /cache
      STOPSIGNAL SIGUSR1
      HEALTHCHECK --interval=5s CMD true
      ENTRYPOINT ["cat"]
      CMD ["/data/out.txt"]
      """;

  @TempDir static Path shared;
  private static Path base = Path.of("/");

  @TempDir Path folder;

  @BeforeAll
  static void aBaseImage() throws IOException, InterruptedException {
    Tool.needRoot();
    base = Roots.busybox(shared);
  }

  @BeforeEach
  void aContext() throws IOException {
    Files.createDirectories(folder.resolve("context"));
    Files.writeString(folder.resolve("context/Dockerfile"), DOCKERFILE);
    Files.writeString(folder.resolve("context/in.txt"), "crab\n");
  }

  private BirgusProcess birgus() {
    return new BirgusProcess(shared.resolve("state"), folder);
  }

  @Test
  void anImageIsPushedToARegistryAndSkopeoReadsItBack() throws IOException, InterruptedException {
    // given
    Tool.need("docker-registry", "skopeo", "umoci");
    try (var registry = RealRegistry.plain(Files.createDirectories(folder.resolve("registry")))) {
      var image = registry.host() + "/team/app:1.0";

      // when
      var outcome =
          birgus()
              .run(
                  "build",
                  "-c",
                  "context",
                  "--build-context",
                  "base=" + base,
                  "-d",
                  image,
                  "--digest-file",
                  "digest",
                  "--image-name-with-digest-file",
                  "name",
                  "--image-name-tag-with-digest-file",
                  "tagged");

      // then
      assertThat(outcome.exitCode()).as(outcome.all()).isZero();
      var digest = Files.readString(folder.resolve("digest"));
      assertThat(digest).hasSize(71).startsWith("sha256:");
      assertThat(folder.resolve("name")).hasContent(registry.host() + "/team/app@" + digest + "\n");
      assertThat(folder.resolve("tagged"))
          .hasContent(registry.host() + "/team/app:1.0@" + digest + "\n");
      assertThat(outcome.err()).contains(digest).contains(image);
      Tool.sh(folder, "skopeo copy -q --src-tls-verify=false docker://" + image + " oci:read:it");
      assertThat(
              Tool.sh(
                  folder,
                  "skopeo inspect --tls-verify=false --format '{{.Digest}}' docker://" + image))
          .isEqualToIgnoringNewLines(digest);
      Tool.sh(folder, "umoci unpack --image read:it bundle");
      checkTree(folder.resolve("bundle/rootfs"));
      checkConfig(Tool.sh(folder, "skopeo inspect --config oci:read:it"));
    }
  }

  private void checkTree(Path rootfs) throws IOException, InterruptedException {
    assertThat(rootfs.resolve("data/out.txt")).hasContent("hello crab\n");
    assertThat(rootfs.resolve("data/facts"))
        .hasContent("uid=1234(app) gid=2345(app) groups=2345(app),3456(extra)\n/\n");
    assertThat(Tool.sh(rootfs, "stat -c '%u:%g %a %F' data/in.txt data/out.txt data bin/vi"))
        .isEqualTo(
            """
            0:0 644 regular file
            0:0 644 regular file
            0:0 755 directory
            0:0 777 symbolic link
            """);
  }

  private static void checkConfig(String config) {
    assertThat(config)
        .contains("\"COLOUR=blue\"")
        .contains("\"SIZE=very large\"")
        .contains("\"a label\": \"with spaces\"")
        .contains("\"80/tcp\"")
        .contains("\"53/udp\"")
        .contains("\"/cache\"")
        .contains("\"SIGUSR1\"")
        .contains("LABEL a label=with spaces")
        .contains("\"empty_layer\": true");
  }

  @Test
  void kanikosOwnSpellingWritesATarThatPodmanLoads() throws IOException, InterruptedException {
    // given
    Tool.need("skopeo", "podman");

    // when
    var outcome =
        birgus()
            .run(
                "/kaniko/executor",
                "--dockerfile=" + folder.resolve("context/Dockerfile"),
                "--context=dir://" + folder.resolve("context"),
                "--build-context=base=" + base,
                "--no-push",
                "--tarPath",
                "image.tar");

    // then
    assertThat(outcome.exitCode()).as(outcome.all()).isZero();
    assertThat(outcome.err()).contains("Flag --tarPath is deprecated. Use: --tar-path");
    var members = Tool.sh(folder, "tar tf image.tar").lines().toList();
    assertThat(members.getFirst()).matches("sha256:[0-9a-f]{64}");
    assertThat(members.getLast()).isEqualTo("manifest.json");
    assertThat(members.subList(1, members.size() - 1))
        .allMatch(m -> m.matches("[0-9a-f]{64}\\.tar\\.gz"));
    assertThat(Tool.sh(folder, "tar xOf image.tar manifest.json"))
        .contains("\"RepoTags\":[\"docker.io/unset-repo/unset-image-name:latest\"]");
    Tool.sh(folder, "skopeo inspect docker-archive:image.tar");
    assertThat(
            Tool.sh(
                folder,
                "podman --root $PWD/p/root --runroot $PWD/p/run load -q -i image.tar; "
                    + "podman --root $PWD/p/root --runroot $PWD/p/run system reset -f >/dev/null"))
        .contains("unset-image-name");
  }

  @Test
  void anOciLayoutIsUnpackedByUmoci() throws IOException, InterruptedException {
    // given
    Tool.need("umoci");

    // when
    var outcome =
        birgus()
            .run(
                "build",
                "-c",
                "context",
                "--build-context",
                "base=" + base,
                "--no-push",
                "--oci-layout-path",
                "layout");

    // then
    assertThat(outcome.exitCode()).as(outcome.all()).isZero();
    Tool.sh(
        folder, "skopeo copy -q oci:layout oci:tagged:it && umoci unpack --image tagged:it out");
    checkTree(folder.resolve("out/rootfs"));
  }

  @Test
  void buildingTwiceReproduciblyGivesTheSameDigest() throws IOException, InterruptedException {
    // given
    var arguments =
        new String[] {
          "build",
          "-c",
          "context",
          "--build-context",
          "base=" + base,
          "--no-push",
          "--reproducible",
          "--digest-file",
          "one"
        };
    var first = birgus().run(arguments);

    // when
    arguments[arguments.length - 1] = "two";
    var second = new BirgusProcess(folder.resolve("fresh-state"), folder).run(arguments);

    // then
    assertThat(first.exitCode()).as(first.all()).isZero();
    assertThat(second.exitCode()).as(second.all()).isZero();
    assertThat(folder.resolve("two")).hasSameTextualContentAs(folder.resolve("one"));
  }

  @Test
  void anImageOfOursIsABaseForTheNext() throws IOException, InterruptedException {
    // given
    Tool.need("docker-registry");
    try (var registry = RealRegistry.plain(Files.createDirectories(folder.resolve("registry")))) {
      var first = registry.host() + "/first:1";
      var pushed =
          birgus().run("build", "-c", "context", "--build-context", "base=" + base, "-d", first);
      assertThat(pushed.exitCode()).as(pushed.all()).isZero();
      Files.writeString(
          folder.resolve("context/Dockerfile"),
          "FROM "
              + first
              + "\nRUN test \"$(cat /data/out.txt)\" = 'hello crab' && rm -r /data\n"
              + "COPY --from="
              + first
              + " /data/facts /facts\n");

      // when: another state folder, so that everything comes from the registry
      var outcome =
          new BirgusProcess(folder.resolve("state"), folder)
              .run("build", "-c", "context", "-d", registry.host() + "/second:1");

      // then
      assertThat(outcome.exitCode()).as(outcome.all()).isZero();
      Tool.sh(
          folder,
          "skopeo copy -q --src-tls-verify=false docker://"
              + registry.host()
              + "/second:1 oci:read:it && umoci unpack --image read:it bundle");
      assertThat(folder.resolve("bundle/rootfs/data")).doesNotExist();
      assertThat(folder.resolve("bundle/rootfs/facts")).exists();
    }
  }

  @Test
  void aContextOnStandardInputIsBuilt() throws IOException, InterruptedException {
    // given
    var context = folder.resolve("context.tar.gz");
    Tool.sh(folder, "tar -C context -czf context.tar.gz .");

    // when
    var process =
        birgus()
            .start(
                "--context=tar://stdin",
                "--build-context=base=" + base,
                "--no-push",
                "--digest-file=digest");
    try (var stdin = process.getOutputStream()) {
      Files.copy(context, stdin);
    }
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    // then
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(folder.resolve("digest")).exists();
  }

  @Test
  void twoGigabytesPassThroughASmallHeap() throws IOException, InterruptedException {
    // given
    Files.writeString(folder.resolve("context/Dockerfile"), "FROM base\nCOPY large /large\n");
    Tool.sh(
        folder,
        "truncate -s 2G context/large && printf x | dd of=context/large conv=notrunc bs=1 seek=1500000000 status=none");

    // when
    var outcome =
        birgus()
            .run(
                "build",
                "-c",
                "context",
                "--build-context",
                "base=" + base,
                "--no-push",
                "--tar-path",
                "image.tar");

    // then
    assertThat(outcome.exitCode()).as(outcome.all()).isZero();
    assertThat(
            Tool.sh(
                folder,
                "layer=$(tar tf image.tar | tail -2 | head -1); "
                    + "tar xOf image.tar $layer | gunzip | tar tvf - | awk '{print $3}'"))
        .isEqualToIgnoringNewLines("2147483648");
  }

  @Test
  void aRegistryBehindTlsAndAPasswordIsPushedTo() throws IOException, InterruptedException {
    // given
    Tool.need("docker-registry", "skopeo");
    Files.writeString(folder.resolve("context/Dockerfile"), "FROM base\nCOPY in.txt /\n");
    var arguments =
        List.of("build", "-c", "context", "--build-context", "base=" + base, "--digest-file", "d");
    try (var tls = RealRegistry.withTls(Files.createDirectories(folder.resolve("tls")));
        var basic = RealRegistry.withPassword(Files.createDirectories(folder.resolve("basic")))) {
      var config = Files.createDirectories(folder.resolve("docker"));
      var pair = RealRegistry.USER + ":" + RealRegistry.PASSWORD;
      Files.writeString(
          config.resolve("config.json"),
          "{\"auths\":{\""
              + basic.host()
              + "\":{\"auth\":\""
              + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8))
              + "\"}}}");

      // when
      var outcome =
          birgus()
              .with("DOCKER_CONFIG", config.toString())
              .run(
                  Stream.concat(
                          arguments.stream(),
                          Stream.of(
                              "-d",
                              tls.host() + "/app:1",
                              "-d",
                              basic.host() + "/app:1",
                              "--registry-certificate",
                              tls.host() + "=" + tls.authority()))
                      .toArray(String[]::new));

      // then
      assertThat(outcome.exitCode()).as(outcome.all()).isZero();
      assertThat(outcome.all()).doesNotContain(RealRegistry.PASSWORD);
      var digest = Files.readString(folder.resolve("d"));
      assertThat(
              Tool.sh(
                  folder,
                  "skopeo inspect --tls-verify=false --format '{{.Digest}}' docker://"
                      + tls.host()
                      + "/app:1"))
          .isEqualToIgnoringNewLines(digest);
    }
  }
}
