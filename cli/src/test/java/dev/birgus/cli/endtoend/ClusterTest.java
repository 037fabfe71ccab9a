package dev.birgus.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.broker.SecuredBroker;
import dev.birgus.infra.testkit.Fault;
import dev.birgus.infra.testkit.FaultProxy;
import dev.birgus.infra.testkit.Need;
import dev.birgus.infra.testkit.RealRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Several servers with a role or two each on one broker: all they say to it, to each other and to
 * some of their clients goes over TLS.
 */
class ClusterTest {

  private static final int LINES = 30;

  @TempDir static Path shared;
  private static @Nullable RealRegistry registry;
  private static @Nullable SecuredCluster cluster;
  private static @Nullable RunningProcess door;
  private static int api;
  private static int secureApi;

  @TempDir Path folder;

  @BeforeAll
  static void servers() throws Exception {
    Tool.needRoot();
    Need.installed(RealRegistry.program("busybox").isPresent(), "busybox");
    registry = RealRegistry.plain(shared.resolve("registry"));
    api = SecuredCluster.freePort();
    secureApi = SecuredCluster.freePort();
    var made = new SecuredCluster(shared);
    cluster = made;
    made.startBroker().await("ready");
    door = startDoor();
    var others =
        List.of(
            made.startServer("b", "password", "--roles=executor,pusher", "--slots=1"),
            made.startServer("c", "password", "--roles=executor", "--slots=1"),
            made.startServer("d", "password", secure(made)));
    door.await(" ready");
    for (var each : others) {
      each.await(" ready");
    }
  }

  private static String[] secure(SecuredCluster made) {
    var flags = new ArrayList<>(List.of("--roles=ingest"));
    flags.addAll(List.of(made.withTls(secureApi)));
    return flags.toArray(String[]::new);
  }

  private static RunningProcess startDoor() throws IOException {
    return cluster()
        .startServer("a", "password", "--roles=ingest,planner", "--api-listen=127.0.0.1:" + api);
  }

  private static SecuredCluster cluster() {
    return Objects.requireNonNull(cluster, "cluster");
  }

  @AfterAll
  static void end() throws Exception {
    if (cluster != null) {
      cluster.close();
    }
    if (registry != null) {
      registry.close();
    }
  }

  @BeforeEach
  void aContext() throws IOException {
    Files.copy(RealRegistry.program("busybox").orElseThrow(), folder.resolve("sh"));
  }

  private void dockerfile(String... lines) throws IOException {
    Files.write(folder.resolve("Dockerfile"), List.of(lines));
  }

  private BirgusProcess client() {
    return client("http://127.0.0.1:" + api);
  }

  private BirgusProcess client(String server) {
    return new BirgusProcess(shared.resolve("client"), folder)
        .with("BIRGUS_SERVER", server)
        .with("BIRGUS_TOKEN_FILE", cluster().token().toString());
  }

  private static String image(String name) {
    return (registry == null ? "" : registry.host()) + "/" + name + ":1";
  }

  /** The text of a file in an image of a registry, wherever it is in its layers. */
  private String content(String image, String file) throws IOException, InterruptedException {
    return Tool.sh(
        folder,
        "skopeo copy -q --src-tls-verify=false docker://"
            + image
            + " dir:image && for each in image/*; do tar -xzOf $each "
            + file
            + " 2>/dev/null || true; done; rm -r image");
  }

  @Test
  void aBuildIsMadeByWhoeverHasARoleInIt() throws Exception {
    // given
    dockerfile(
        "FROM scratch AS one",
        "COPY --chmod=755 sh /bin/sh",
        "RUN echo one > /one",
        "FROM scratch AS two",
        "COPY --chmod=755 sh /bin/sh",
        "RUN echo two > /two",
        "FROM scratch",
        "COPY --chmod=755 sh /bin/sh",
        "COPY --from=one /one /",
        "COPY --from=two /two /",
        "RUN cat /one /two > /all");

    // when
    var built =
        client()
            .run("submit", "--context=.", "--destination=" + image("both"), "--digest-file=digest");

    // then
    assertThat(built.exitCode()).as(built.all()).isZero();
    assertThat(content(image("both"), "all")).isEqualTo("one\ntwo\n");
    assertThat(
            Tool.sh(
                folder,
                "skopeo inspect --tls-verify=false docker://"
                    + image("both")
                    + " -f '{{.Digest}}'"))
        .isEqualTo(Files.readString(folder.resolve("digest")).strip() + "\n");
  }

  @Test
  void aServerThatIsKilledIsFollowedFromWhereItWas() throws Exception {
    // given
    dockerfile(
        "FROM scratch",
        "COPY --chmod=755 sh /bin/sh",
        "RUN i=0; while [ $i -lt " + LINES + " ]; do echo line-$i.; i=$((i+1)); sleep 0.5; done");
    try (var following =
        new RunningProcess(
            client().start("submit", "--context=.", "--destination=" + image("followed")))) {
      following.await("line-3.");

      // when
      Objects.requireNonNull(door, "door").kill();
      following.await("the connection to the server is lost");
      door = startDoor();

      // then
      assertThat(following.exitCode()).as(following.said().toString()).isZero();
      following.await("the server is back");
      var lines = following.said();
      assertThat(IntStream.range(0, LINES).mapToObj(line -> "line-" + line + "."))
          .allSatisfy(text ->
              assertThat(lines.stream().filter(line -> line.endsWith(text))).as(text).hasSize(1));
    }
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void aSignalToTheClientCancelsTheBuild(String signal, int code) throws Exception {
    // given
    dockerfile(
        "FROM scratch",
        "COPY --chmod=755 sh /bin/sh",
        "RUN echo running " + signal + "; sleep 999");
    var image = image("signalled-" + code);
    try (var submitted =
        new RunningProcess(client().start("submit", "--context=.", "--destination=" + image))) {
      submitted.await("running " + signal);
      var id = id(submitted);

      // when
      submitted.signal(signal);

      // then
      assertThat(submitted.exitCode()).as(submitted.said().toString()).isEqualTo(code);
      var logs = client().run("logs", id, "-f");
      assertThat(logs.all()).contains("cancelled").contains("interrupted");
    }
  }

  /** The name of a build, as the client tells it. */
  private static String id(RunningProcess submitted) {
    return submitted.said().stream()
        .filter(line -> line.contains("birgus logs b-"))
        .map(line -> line.replaceAll(".*birgus logs (b-[0-9a-f]+).*", "$1"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aSecondSignalEndsAClientThatCannotReachItsServer() throws Exception {
    // given
    dockerfile("FROM scratch", "COPY --chmod=755 sh /bin/sh", "RUN echo running; sleep 998");
    try (var proxy = new FaultProxy("127.0.0.1:" + api).always("DELETE .*", new Fault.NoAnswer());
        var submitted =
            new RunningProcess(
                client("http://" + proxy.host())
                    .start("submit", "--context=.", "--destination=" + image("twice")))) {
      submitted.await("running");
      submitted.signal("INT");
      while (proxy.asked("DELETE .*").isEmpty()) {
        Thread.onSpinWait();
      }

      // when
      submitted.signal("TERM");

      // then
      assertThat(submitted.exitCode()).as(submitted.said().toString()).isEqualTo(143);
      assertThat(client().run("cancel", id(submitted)).out()).contains("is being cancelled");
    }
  }

  @Test
  void aClientTalksToAServerOverTlsIfItKnowsItsAuthority() throws Exception {
    // given
    dockerfile("FROM scratch", "COPY Dockerfile /there");
    var server = "https://localhost:" + secureApi;

    // when
    var stranger = client(server).run("builds");
    var built =
        client(server)
            .run(
                "submit",
                "--context=.",
                "--destination=" + image("secure"),
                "--server-ca=" + cluster().authority());

    // then
    assertThat(stranger.exitCode()).isEqualTo(1);
    assertThat(stranger.err()).contains("cannot be reached").contains("certificate");
    assertThat(built.exitCode()).as(built.all()).isZero();
    assertThat(content(image("secure"), "there")).contains("FROM scratch");
  }

  @Test
  void aServerWithAWrongPasswordForKafkaSaysSoAndEnds() throws Exception {
    try (var refused = cluster().startServer("e", "wrong-password", "--roles=pusher")) {
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(String.join("\n", refused.said()))
          .contains("invalid credentials with SASL mechanism SCRAM-SHA-512")
          .contains("library=org.apache.kafka.clients.NetworkClient")
          .doesNotContain("hunter2")
          .doesNotContain(SecuredBroker.PASSWORD);
    }
  }
}
