package dev.birgus.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.testkit.RealRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes wrong is said once, clearly, and leaves nothing behind. */
class BadInputTest {

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
    Files.writeString(folder.resolve("context/in.txt"), "crab\n");
  }

  private BirgusProcess.Outcome build(String dockerfile, String... more)
      throws IOException, InterruptedException {
    if (!dockerfile.isEmpty()) {
      Files.writeString(folder.resolve("context/Dockerfile"), dockerfile);
    }
    var arguments =
        Stream.concat(
                Stream.of("build", "-c", "context", "--build-context", "base=" + base),
                Stream.of(more))
            .toArray(String[]::new);
    var outcome = new BirgusProcess(shared.resolve("state"), folder).run(arguments);
    assertThat(outcome.err()).as(outcome.all()).doesNotContain("\tat ").doesNotContain("Exception");
    assertThat(leftovers()).isEmpty();
    return outcome;
  }

  /** Work folders of builds, which must be gone when the command is. */
  private static List<Path> leftovers() throws IOException {
    var work = shared.resolve("state/work");
    if (!Files.isDirectory(work)) {
      return List.of();
    }
    try (var files = Files.list(work)) {
      return files.filter(Files::isDirectory).toList();
    }
  }

  static Stream<Arguments> dockerfilesThatCannotBeBuilt() {
    return Stream.of(
        Arguments.of("FROM base\nRUM echo hi\n", List.of("Dockerfile:2", "RUM", "RUN")),
        Arguments.of("FROM base\nCOPY nothing.txt /\n", List.of("Dockerfile:2", "nothing.txt")),
        Arguments.of("FROM base\nCOPY --form=base /a /\n", List.of("Dockerfile:2", "--form")),
        Arguments.of("FROM base\nCOPY --from=nobody:1 a b c\n", List.of("Dockerfile:2")),
        Arguments.of("FROM base\nUSER ghost\nRUN id\n", List.of("Dockerfile:3", "ghost")),
        Arguments.of("FROM base\nCOPY --chown=ghost in.txt /\n", List.of("Dockerfile:2", "ghost")),
        Arguments.of(
            "FROM base\nRUN --mount=type=ssh,required true\n", List.of("Dockerfile:2", "ssh")),
        Arguments.of(
            "FROM base\nADD http://127.0.0.1:1/x /\n",
            List.of("Dockerfile:2", "http://127.0.0.1:1/x")),
        Arguments.of("FROM base\nCOPY in.txt in.txt /target\n", List.of("Dockerfile:2", "/target")),
        Arguments.of("# only a comment\n", List.of("Dockerfile")),
        Arguments.of("FROM Base:UPPER/x\n", List.of("Dockerfile:1", "Base:UPPER/x")),
        Arguments.of("FROM base\nENV =x\n", List.of("Dockerfile:2", "ENV")));
  }

  @ParameterizedTest
  @MethodSource("dockerfilesThatCannotBeBuilt")
  void aDockerfileThatCannotBeBuiltIsNamedWithItsLine(String dockerfile, List<String> expected)
      throws IOException, InterruptedException {
    // when
    var outcome = build(dockerfile, "--no-push", "--tar-path", "image.tar");

    // then
    assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(1);
    assertThat(outcome.err()).contains(expected);
    assertThat(folder.resolve("image.tar")).doesNotExist();
  }

  @ParameterizedTest
  @MethodSource("exitCodes")
  void theExitCodeOfAFailingRunIsPassedOn(String command, int expected)
      throws IOException, InterruptedException {
    // when
    var outcome =
        build(
            "FROM base\n\nRUN echo before; \\\n  " + command + "\n",
            "--no-push",
            "--tar-path",
            "t");

    // then
    assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(expected);
    assertThat(outcome.err()).contains("Dockerfile:3").contains("before");
    assertThat(folder.resolve("t")).doesNotExist();
  }

  static Stream<Arguments> exitCodes() {
    return Stream.of(
        Arguments.of("exit 42", 42),
        Arguments.of("no-such-program", 127),
        Arguments.of("kill -KILL $$", 255));
  }

  @Test
  void aMissingDockerfileIsSaidInKanikosWords() throws IOException, InterruptedException {
    // when
    var outcome = build("", "--no-push");

    // then
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err())
        .contains(
            "please provide a valid path to a Dockerfile within the build context with --dockerfile");
  }

  @Test
  void aDirectoryInPlaceOfTheDockerfileIsRefused() throws IOException, InterruptedException {
    // given
    Files.createDirectories(folder.resolve("context/Dockerfile"));

    // when
    var outcome = build("", "--no-push");

    // then
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).contains("director");
  }

  @Test
  void aTarThatCannotBeWrittenIsRefused() throws IOException, InterruptedException {
    // given
    Files.createDirectories(folder.resolve("taken"));

    // when
    var outcome = build("FROM base\n", "--no-push", "--tar-path", "taken");

    // then
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).contains("taken");
  }

  @Test
  void aFullDiskFailsTheTarAndLeavesNoPartOfIt() throws IOException, InterruptedException {
    // given
    var small = Files.createDirectories(folder.resolve("small"));
    Files.write(folder.resolve("context/big"), new byte[3 << 20]);
    Tool.sh(
        folder, "head -c 3000000 /dev/urandom > context/big; mount -t tmpfs -o size=1m none small");
    try {
      // when
      var outcome = build("FROM base\nCOPY big /\n", "--no-push", "--tar-path", "small/image.tar");

      // then
      assertThat(outcome.exitCode()).isEqualTo(1);
      assertThat(outcome.err()).contains("small/image.tar").contains("space");
      try (var files = Files.list(small)) {
        assertThat(files).isEmpty();
      }
    } finally {
      Tool.sh(folder, "umount small");
    }
  }

  @Test
  void aRegistryThatIsDownIsNamed() throws IOException, InterruptedException {
    // given
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }

    // when
    var push = build("FROM base\n", "-d", "127.0.0.1:" + port + "/app:1");
    var pull = build("FROM 127.0.0.1:" + port + "/base:1\n", "--no-push");

    // then
    assertThat(push.exitCode()).isEqualTo(1);
    assertThat(push.err())
        .contains("error checking push permissions")
        .contains("127.0.0.1:" + port);
    assertThat(pull.exitCode()).isEqualTo(1);
    assertThat(pull.err()).contains("Dockerfile:1").contains("127.0.0.1:" + port);
  }

  @Test
  void aBaseImageThatDoesNotExistIsNamedWithItsLine() throws IOException, InterruptedException {
    // given
    Tool.need("docker-registry");
    try (var registry = RealRegistry.plain(Files.createDirectories(folder.resolve("registry")))) {
      // when
      var outcome = build("FROM " + registry.host() + "/nobody:1\n", "--no-push");

      // then
      assertThat(outcome.exitCode()).isEqualTo(1);
      assertThat(outcome.err()).contains("Dockerfile:1").contains("/nobody:1");
    }
  }

  @Test
  void noTagIsMovedWhenTheBuildFails() throws IOException, InterruptedException {
    // given
    Tool.need("docker-registry", "skopeo");
    try (var registry = RealRegistry.plain(Files.createDirectories(folder.resolve("registry")))) {
      var image = registry.host() + "/app:1";
      var good = build("FROM base\nCOPY in.txt /\n", "-d", image, "--digest-file", "digest");
      assertThat(good.exitCode()).as(good.all()).isZero();

      // when
      var bad =
          build("FROM base\nCOPY in.txt /other\nRUN exit 3\n", "-d", image, "--digest-file", "d2");

      // then
      assertThat(bad.exitCode()).isEqualTo(3);
      assertThat(folder.resolve("d2")).doesNotExist();
      assertThat(
              Tool.sh(
                  folder,
                  "skopeo inspect --tls-verify=false --format '{{.Digest}}' docker://" + image))
          .isEqualToIgnoringNewLines(Files.readString(folder.resolve("digest")));
    }
  }

  @Test
  void anOutputForCloudBuildThatCannotBeWrittenIsRefusedBeforeAnythingIsPushed()
      throws IOException, InterruptedException {
    // given
    Tool.need("docker-registry", "skopeo");
    Files.writeString(folder.resolve("context/Dockerfile"), "FROM scratch\nCOPY in.txt /\n");
    Files.writeString(folder.resolve("file"), "");
    try (var registry = RealRegistry.plain(Files.createDirectories(folder.resolve("registry")))) {
      var image = registry.host() + "/app:1";

      // when
      var outcome =
          new BirgusProcess(shared.resolve("state"), folder)
              .with("BUILDER_OUTPUT", folder.resolve("file/below").toString())
              .run("build", "-c", "context", "-d", image);

      // then
      assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(1);
      assertThat(outcome.err()).contains("file/below").doesNotContain("Built in");
      assertThat(folder.resolve("registry/docker/registry/v2/repositories/app")).doesNotExist();
    }
  }

  @ParameterizedTest
  @MethodSource("commandsThatAreMissing")
  void aProgramTheImageDoesNotHaveIsNamed(String dockerfile, String expected)
      throws IOException, InterruptedException {
    // when
    var outcome = build(dockerfile, "--no-push");

    // then
    assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(1);
    assertThat(outcome.err()).contains("Dockerfile:2").contains(expected);
  }

  static Stream<Arguments> commandsThatAreMissing() {
    return Stream.of(
        Arguments.of("FROM base\nRUN [\"/nosuch\"]\n", "the image has no program /nosuch"),
        Arguments.of("FROM base\nRUN [\"nosuch\"]\n", "the image has no program nosuch"),
        Arguments.of("FROM scratch\nRUN true\n", "the image has no program /bin/sh"));
  }

  @Test
  void aStackTraceIsForThoseWhoAskForIt() throws IOException, InterruptedException {
    // given
    Files.writeString(folder.resolve("context/Dockerfile"), "FROM base\nCOPY in.txt /\n");

    // when
    var outcome =
        new BirgusProcess(shared.resolve("state"), folder)
            .run("build", "-c", "nowhere", "--no-push", "--verbosity", "debug");

    // then
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).contains("nowhere").contains("\tat ");
  }

  @Test
  void aWrongPasswordIsSaidWithTheRegistryAndNotShown() throws IOException, InterruptedException {
    // given
    Tool.need("docker-registry");
    try (var registry =
        RealRegistry.withPassword(Files.createDirectories(folder.resolve("registry")))) {
      Files.writeString(folder.resolve("context/Dockerfile"), "FROM scratch\nCOPY in.txt /\n");
      // when
      var outcome =
          new BirgusProcess(shared.resolve("state"), folder)
              .with(
                  "DOCKER_AUTH_CONFIG",
                  "{\"auths\":{\"%s\":{\"username\":\"tester\",\"password\":\"wrong-secret\"}}}"
                      .formatted(registry.host()))
              .run("build", "-c", "context", "-d", registry.host() + "/app:1", "-v", "debug");

      // then
      assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(1);
      assertThat(outcome.err())
          .contains("error checking push permissions")
          .contains(registry.host());
      assertThat(outcome.all()).doesNotContain("wrong-secret");
    }
  }

  @Test
  void aFlagThatIsNotSupportedYetIsRefusedByName() throws IOException, InterruptedException {
    // when
    var outcome = build("FROM scratch\n", "--no-push", "--cache=true");

    // then
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).contains("--cache").contains("not supported yet");
  }
}
