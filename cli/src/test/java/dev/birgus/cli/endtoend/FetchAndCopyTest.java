package dev.birgus.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** COPY and ADD with their options, seen by a RUN that looks at what is there. */
class FetchAndCopyTest {

  private static final byte[] CONTENT = "fetched\n".getBytes(StandardCharsets.UTF_8);
  private static final String CHECKSUM =
      "sha256:" + dev.birgus.infra.oci.Digest.sha256(CONTENT).hex();

  @TempDir Path folder;
  private Path base = Path.of("/");
  private HttpServer server;

  @SuppressWarnings("NullAway.Init")
  FetchAndCopyTest() {}

  @BeforeEach
  void aContextAndAServer() throws Exception {
    Tool.needRoot();
    base = Roots.busybox(folder);
    var context = Files.createDirectories(folder.resolve("context"));
    Tool.sh(
        context,
        """
        mkdir -p src/a && echo 1 > src/a/one.txt && echo 2 > src/two.md
        chmod 700 src/a && tar cJf a.tar.xz src && tar --zstd -cf a.tar.zst src
        """);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/file",
        exchange -> {
          try (exchange) {
            exchange.getResponseHeaders().add("Last-Modified", "Thu, 01 Jan 1970 00:16:40 GMT");
            exchange.sendResponseHeaders(200, CONTENT.length);
            exchange.getResponseBody().write(CONTENT);
          }
        });
    server.start();
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.stop(0);
    }
  }

  private BirgusProcess.Outcome build(String dockerfile) throws IOException, InterruptedException {
    Files.writeString(
        folder.resolve("context/Dockerfile"),
        dockerfile.replace("URL", "http://127.0.0.1:" + server.getAddress().getPort()));
    return new BirgusProcess(folder.resolve("state"), folder)
        .run("build", "-c", "context", "--build-context", "base=" + base, "--no-push");
  }

  @Test
  void everyOptionDoesWhatItSays() throws Exception {
    var outcome =
        build(
            """
            FROM base
            ARG NAME=crab
            COPY --parents --exclude=**/*.md src/./a src /p/
            COPY --chmod=u=rwX,go=r --chown=app src /mode/
            COPY --link src/two.md /lib/x/
            COPY none* src/two.md /opt/
            COPY <<EOF <<'RAW' /here/
            hello $NAME
            EOF
            $NAME
            RAW
            ADD a.tar.xz a.tar.zst /un/
            ADD --unpack=false a.tar.zst /as/
            ADD --checksum=%s URL/file /dl/
            RUN find /p /mode /lib /opt /un /as /dl -type f | sort | xargs stat -c '%%a %%u %%n'
            RUN cat /here/EOF /here/RAW /dl/file; stat -c 'time %%Y' /dl/file
            """
                .formatted(CHECKSUM));

    assertThat(outcome.exitCode()).as(outcome.all()).isZero();
    assertThat(outcome.all())
        .contains(
            "600 0 /dl/file",
            "644 0 /lib/x/two.md",
            "644 1234 /mode/a/one.txt",
            "644 0 /opt/two.md",
            "644 0 /p/a/one.txt",
            "644 0 /un/src/a/one.txt",
            "/as/a.tar.zst",
            "hello crab",
            "$NAME",
            "fetched",
            "time 1000")
        .doesNotContain("/p/src/two.md");
  }

  @Test
  void aFileThatIsNotTheOnePromisedEndsTheBuild() throws Exception {
    var outcome = build("FROM base\nADD --checksum=sha256:" + "0".repeat(64) + " URL/file /x\n");

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.all()).contains("Dockerfile:2", "/file is " + CHECKSUM);
  }

  @Test
  void whatIsNotOnTheServerIsNamed() throws Exception {
    var outcome = build("FROM base\nADD URL/none /x\n");

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.all()).contains("Dockerfile:2", "/none", "404");
  }
}
