package dev.birgus.cli.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Digest files that are sent to an address. */
class DigestAddressTest {

  private record Put(String method, String address, String type, String text) {}

  @TempDir Path folder;

  private final List<Put> puts = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private int answer = 201;

  @BeforeEach
  void begin() throws IOException {
    Files.writeString(folder.resolve("Dockerfile"), "FROM scratch\nLABEL a=b\n");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          var text = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          var type = exchange.getRequestHeaders().getFirst("Content-Type");
          puts.add(
              new Put(
                  exchange.getRequestMethod(), exchange.getRequestURI().toString(), type, text));
          exchange.sendResponseHeaders(answer, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void end() {
    server.stop(0);
  }

  private BirgusProcess.Outcome build() throws IOException, InterruptedException {
    var address = "http://127.0.0.1:" + server.getAddress().getPort() + "/digest?sig=hidden";
    return new BirgusProcess(folder.resolve("state"), folder)
        .run(
            "build",
            "--context",
            ".",
            "--no-push",
            "--destination",
            "example.com/app:1",
            "--digest-file",
            address,
            "--image-name-tag-with-digest-file",
            "names");
  }

  @Test
  void itsServerGetsTheDigestWhenTheImageIsThere() throws Exception {
    var outcome = build();

    assertThat(outcome.exitCode()).as(outcome.all()).isZero();
    var digest = Files.readString(folder.resolve("names")).strip().replaceAll(".*@", "");
    assertThat(puts).containsExactly(new Put("PUT", "/digest?sig=hidden", "text/plain", digest));
    assertThat(outcome.all()).doesNotContain("hidden");
  }

  @Test
  void aServerThatDoesNotTakeItFailsTheBuildWithoutShowingTheSignature() throws Exception {
    answer = 403;

    var outcome = build();

    assertThat(outcome.exitCode()).as(outcome.all()).isOne();
    assertThat(outcome.err())
        .contains("cannot write to http://127.0.0.1:")
        .contains("answered 403")
        .doesNotContain("hidden");
  }
}
