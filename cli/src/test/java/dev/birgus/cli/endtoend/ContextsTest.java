package dev.birgus.cli.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where Dockerfiles and files may come from. */
class ContextsTest {

  @TempDir Path folder;

  @BeforeEach
  void contexts() throws IOException {
    Tool.needRoot();
    Tool.need("tar", "skopeo");
    write("app/Dockerfile", "FROM scratch\nCOPY . /app/\n");
    write("app/.dockerignore", "\uFEFF# nothing of docker's\r\nDockerfile\n.dockerignore\n*.log\n");
    write("app/main.txt", "main\n");
    write("app/noise.log", "noise\n");
    write("assets/.dockerignore", "secret\n!secret/public\n.dockerignore\n");
    write("assets/style.css", "css\n");
    write("assets/secret/key", "key\n");
    write("assets/secret/public", "public\n");
  }

  private void write(String path, String text) throws IOException {
    var file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private String build(String... more) throws IOException, InterruptedException {
    var arguments = arguments(more);
    var outcome = new BirgusProcess(folder.resolve("state"), folder).run(arguments);
    assertThat(outcome.exitCode()).as(outcome.all()).isZero();
    return outcome.err();
  }

  private static String[] arguments(String... more) {
    var arguments = new ArrayList<>(List.of("build", "--no-push", "--tar-path", "image.tar"));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  /** The files of the image, each as in a listing of tar. */
  private List<String> files() throws IOException, InterruptedException {
    var list =
        Tool.sh(
            folder,
            """
            rm -rf image && mkdir image && tar -C image -xf image.tar
            for layer in image/*.tar.gz; do tar -tf "$layer"; done
            """);
    return list.lines().filter(line -> !line.endsWith("/")).sorted().toList();
  }

  @Test
  void whatTheIgnoreFileTakesOutIsStillUsedByTheBuilder() throws Exception {
    build("-c", "app");

    assertThat(files()).containsExactly("app/main.txt");
  }

  @Test
  void theIgnoreFileOfADockerfileGoesBeforeThatOfItsContext() throws Exception {
    write("other/My.Dockerfile", "FROM scratch\nCOPY . /\n");
    write("other/My.Dockerfile.dockerignore", "**\n!/noise.log/\n");

    build("-c", "app", "-f", "other/My.Dockerfile");

    assertThat(files()).containsExactly("noise.log");
  }

  @Test
  void aContextOfFilesIsABaseWithoutWhatItsIgnoreFileTakesOut() throws Exception {
    write("Dockerfile", "FROM assets\nCOPY main.txt /\n");

    build("-c", "app", "-f", "Dockerfile", "--build-context", "assets=assets");

    assertThat(files()).containsExactly("main.txt", "secret/public", "style.css");
  }

  @Test
  void aContextReplacesTheStageOfItsName() throws Exception {
    write(
        "Dockerfile",
        """
        FROM nowhere.invalid/missing AS built
        RUN false
        FROM scratch
        COPY --from=built /style.css /a.css
        COPY --from=0 /style.css /b.css
        """);

    build("-c", "app", "-f", "Dockerfile", "--build-context", "built=assets");

    assertThat(files()).containsExactly("a.css", "b.css");
  }

  @Test
  void anImageIsFoundInALayoutByTagAndByDigest() throws Exception {
    build("-c", "app");
    Tool.sh(folder, "skopeo copy -q docker-archive:image.tar oci:layout:v1");
    var digest = Tool.sh(folder, "skopeo inspect --format '{{.Digest}}' oci:layout:v1").strip();
    write("Dockerfile", "FROM base\nCOPY --from=base /app/main.txt /again.txt\n");

    for (var reference : List.of("", ":v1", "@" + digest, ":v1@" + digest)) {
      build(
          "-c",
          "app",
          "-f",
          "Dockerfile",
          "--build-context",
          "base=oci-layout://layout" + reference);

      assertThat(files()).containsExactly("again.txt", "app/main.txt");
    }
  }

  @Test
  void theDockerfileComesFromStandardInput() throws Exception {
    write("Other", "FROM scratch\nCOPY main.txt /stdin.txt\n");

    piped("Other", "-c", "app", "-f", "-");

    assertThat(files()).containsExactly("stdin.txt");
  }

  @Test
  void theContextComesFromStandardInputAndTheDockerfileFromElsewhere() throws Exception {
    Tool.sh(folder, "tar -C app -czf context.tgz .");
    write("Other", "FROM scratch\nCOPY . /piped/\n");

    piped("context.tgz", "-c", "tar://stdin", "-f", "Other");

    assertThat(files()).containsExactly("piped/main.txt");
  }

  private void piped(String file, String... more) throws IOException, InterruptedException {
    var process = new BirgusProcess(folder.resolve("state"), folder).start(arguments(more));
    try (var input = process.getOutputStream()) {
      Files.copy(folder.resolve(file), input);
    }
    var output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  @Test
  void dockerfileAndArchiveAreFetched() throws Exception {
    Tool.sh(folder, "tar -C assets -cf assets.tar style.css");
    var web =
        Map.of(
            "/Dockerfile", "FROM base\nCOPY main.txt /\n".getBytes(UTF_8),
            "/assets.tar", Files.readAllBytes(folder.resolve("assets.tar")));
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            var body = web.getOrDefault(exchange.getRequestURI().getPath(), new byte[0]);
            exchange.sendResponseHeaders(body.length == 0 ? 404 : 200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
    try {
      var at = "http://127.0.0.1:" + server.getAddress().getPort();

      build(
          "-c",
          "app",
          "-f",
          at + "/Dockerfile?signed",
          "--build-context",
          "base=" + at + "/assets.tar");

      assertThat(files()).containsExactly("main.txt", "style.css");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void ofSeveralTargetsTheFirstIsTheImageAndAllAreBuilt() throws Exception {
    write(
        "Dockerfile",
        """
        FROM scratch AS image
        COPY main.txt /image.txt
        FROM scratch AS check
        COPY main.txt /check.txt
        FROM scratch AS unused
        COPY gone /
        """);

    var said =
        build(
            "-c", "app", "-f", "Dockerfile", "--target", "IMAGE,check", "--no-cache-filter=check");

    assertThat(said).contains("[image 1/1]", "[check 1/1]").doesNotContain("[unused");
    assertThat(files()).containsExactly("image.txt");
  }
}
