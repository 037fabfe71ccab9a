package dev.birgus.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.testkit.Need;
import dev.birgus.infra.testkit.RealRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A server in a process of its own, with a broker of its own, and builds that are sent to it. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ServeTest {

  @TempDir static Path shared;
  private static @Nullable RealRegistry registry;
  private static @Nullable Process server;
  private static int api;

  @TempDir Path folder;

  @BeforeAll
  static void aServer() throws IOException {
    Tool.needRoot();
    Need.installed(RealRegistry.program("busybox").isPresent(), "busybox");
    registry = RealRegistry.plain(shared.resolve("registry"));
    Files.createDirectories(shared.resolve("secrets"));
    Files.writeString(shared.resolve("secrets/word"), "sesame");
    api = freePort();
    start();
  }

  @AfterAll
  static void end() throws InterruptedException {
    if (server != null) {
      server.destroy();
      if (!server.waitFor(60, TimeUnit.SECONDS)) {
        server.destroyForcibly().waitFor();
      }
    }
    if (registry != null) {
      registry.close();
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static void start() throws IOException {
    var begun =
        new BirgusProcess(shared.resolve("state"), shared)
            .withHeap("-Xmx600m")
            .with("BIRGUS_LOG_FORMAT", "json")
            .start(
                "serve",
                "--api-listen=127.0.0.1:" + api,
                "--health-listen=127.0.0.1:" + freePort(),
                "--secrets-dir=secrets",
                "--grace=5s");
    server = begun;
    await(begun, "\"message\":\"ready\"");
  }

  /** Reads what a process prints until these words come; the rest is read in the background. */
  private static void await(Process process, String words) throws IOException {
    var reader =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    var said = new ArrayList<String>();
    for (var line = reader.readLine(); line != null; line = reader.readLine()) {
      said.add(line);
      if (line.contains(words)) {
        Thread.ofVirtual()
            .start(() -> {
              try {
                reader.transferTo(java.io.Writer.nullWriter());
              } catch (IOException ended) {
                // That was all.
              }
            });
        return;
      }
    }
    throw new IOException("it ended: " + said);
  }

  @BeforeEach
  void aContext() throws IOException {
    Files.copy(RealRegistry.program("busybox").orElseThrow(), folder.resolve("sh"));
  }

  private void dockerfile(String... lines) throws IOException {
    var all = new ArrayList<>(List.of("FROM scratch", "COPY --chmod=755 sh /bin/sh"));
    all.addAll(List.of(lines));
    Files.write(folder.resolve("Dockerfile"), all);
  }

  private BirgusProcess client() {
    return new BirgusProcess(shared.resolve("client"), folder)
        .with("BIRGUS_SERVER", "http://127.0.0.1:" + api)
        .with("BIRGUS_TOKEN_FILE", shared.resolve("state/token").toString());
  }

  private static String image(String name) {
    return (registry == null ? "" : registry.host()) + "/" + name + ":1";
  }

  @Test
  @Order(1)
  void aBuildOfAServerIsShownAndPushedAsOneOfThisMachine() throws Exception {
    // given
    dockerfile(
        "COPY Dockerfile /there",
        "RUN --mount=type=secret,id=word test $(wc -c < /run/secrets/word) = 6 && echo right");

    // when
    var built =
        client()
            .run(
                "submit",
                "--context=.",
                "--destination=" + image("first"),
                "--secret=id=word,src=word",
                "--digest-file=digest");

    // then
    assertThat(built.exitCode()).as(built.all()).isZero();
    assertThat(built.out()).contains("right");
    assertThat(built.err()).contains("Pushed").contains("size").contains("digest");
    var digest = Files.readString(folder.resolve("digest"));
    assertThat(
            Tool.sh(
                folder,
                "skopeo inspect --tls-verify=false docker://" + image("first") + " | grep Digest"))
        .contains(digest);
    assertThat(built.all()).doesNotContain("sesame");
  }

  @Test
  @Order(2)
  void aCommandThatFailsGivesItsExitCode() throws Exception {
    // given
    dockerfile("RUN echo no >&2; exit 7");

    // when
    var built = client().run("submit", "--context=.", "--destination=" + image("failing"));

    // then
    assertThat(built.exitCode()).as(built.all()).isEqualTo(7);
    assertThat(built.err()).contains("Dockerfile:3").contains("  | no");
  }

  @Test
  @Order(3)
  void aMistakeInTheDockerfileIsToldWithItsLine() throws Exception {
    // given
    dockerfile("COPPY a b");

    // when
    var built = client().run("submit", "--context=.", "--destination=" + image("mistake"));

    // then
    assertThat(built.exitCode()).as(built.all()).isEqualTo(1);
    assertThat(built.err()).contains("Dockerfile:3").contains("did you mean COPY?");
  }

  @Test
  @Order(4)
  void whatAServerCannotDoIsRefusedByName() throws Exception {
    // given
    dockerfile();
    Files.writeString(folder.resolve("wrong"), "0123456789abcdef-wrong");

    // then
    var archive = client().run("submit", "--no-push", "--tar-path=x.tar");
    assertThat(archive.exitCode()).isEqualTo(1);
    assertThat(archive.err()).contains("--tar-path: a server delivers images to registries");
    var insecure = client().run("submit", "--insecure", "--destination=" + image("x"));
    assertThat(insecure.err()).contains("--insecure is a setting of the server");
    var stranger =
        client().run("submit", "--destination=" + image("x"), "--token-file=wrong", "--context=.");
    assertThat(stranger.exitCode()).isEqualTo(1);
    assertThat(stranger.err()).contains("does not know this token");
    assertThat(stranger.all()).doesNotContain("abcdef-wrong");
    var secret =
        client()
            .run("submit", "--destination=" + image("x"), "--context=.", "--secret=id=a,env=HOME");
    assertThat(secret.err()).contains("may not have the variable HOME");
    var elsewhere = new BirgusProcess(shared.resolve("client"), folder).run("builds");
    assertThat(elsewhere.err()).contains("no server is given");
  }

  @Test
  @Order(5)
  void aBuildIsCancelledFromElsewhere() throws Exception {
    // given
    dockerfile("RUN echo running; sleep 1000");
    var building = client().start("submit", "--context=.", "--destination=" + image("endless"));
    await(building, "running");
    var listed = client().run("builds", "--format=json").out();
    var at = listed.indexOf("\"id\":\"") + 6;
    var id = listed.substring(at, listed.indexOf('"', at));

    // when
    var cancelled = client().run("cancel", id);

    // then
    assertThat(cancelled.out()).isEqualTo(id + " is being cancelled\n");
    assertThat(building.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(building.exitValue()).isEqualTo(1);
    assertThat(client().run("builds").out()).contains("cancelled");
  }

  @Test
  @Order(6)
  void aKilledServerKnowsItsBuildsWhenItIsBack() throws Exception {
    // given
    var before = client().run("builds").out();
    var killed = server;
    assertThat(before).contains("succeeded").contains("failed");

    // when
    if (killed != null) {
      killed.destroyForcibly().waitFor();
    }
    start();

    // then
    assertThat(client().run("builds").out().lines().map(line -> line.split(" ")[0]))
        .containsExactlyElementsOf(before.lines().map(line -> line.split(" ")[0]).toList());
    dockerfile("RUN echo again");
    var built = client().run("submit", "--context=.", "--destination=" + image("again"));
    assertThat(built.exitCode()).as(built.all()).isZero();
    var id = client().run("builds").out().lines().skip(1).findFirst().orElse("").split(" ")[0];
    assertThat(client().run("logs", id, "-f").all()).contains("again").contains("digest");
  }
}
