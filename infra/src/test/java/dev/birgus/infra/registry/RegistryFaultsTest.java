package dev.birgus.infra.registry;

import static dev.birgus.infra.registry.FaultServer.bytes;
import static dev.birgus.infra.registry.FaultServer.cut;
import static dev.birgus.infra.registry.FaultServer.status;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.blobs.DigestMismatchException;
import dev.birgus.infra.credentials.Credential;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.MediaType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class RegistryFaultsTest {

  private static final byte[] MANIFEST =
      "{\"schemaVersion\":2,\"layers\":[],\"config\":{}}".getBytes(UTF_8);
  private static final String TYPE = MediaType.OCI_MANIFEST.value();
  private static final String BASIC =
      "Basic " + Base64.getEncoder().encodeToString("me:secret".getBytes(UTF_8));
  private static final RegistrySettings QUICK =
      new RegistrySettings(
          RegistrySettings.PlainHttp.NOWHERE,
          RegistrySettings.Trust.USUAL,
          0,
          0,
          new RegistrySettings.Patience(
              Duration.ofSeconds(5),
              Duration.ofSeconds(1),
              Duration.ofSeconds(1),
              Duration.ofMillis(1),
              Duration.ofMillis(20)),
          "birgus/test",
          ProxySettings.NONE);

  private FaultServer server;
  private FaultServer other;
  private RemoteRegistries registries;
  private Registry registry;

  @BeforeEach
  void start() throws IOException {
    server = new FaultServer();
    other = new FaultServer();
    registries =
        new RemoteRegistries(
            QUICK,
            (_, _) -> Optional.of(new Credential.UserPassword("me", "secret")),
            Journal.silent());
    registry = registries.push(server.host());
  }

  @AfterEach
  void stop() {
    registries.close();
    server.close();
    other.close();
  }

  private static Descriptor blob(byte[] bytes) {
    return Descriptor.of(MediaType.OCI_LAYER_GZIP, Digest.sha256(bytes), bytes.length);
  }

  private static byte[] random(int size) {
    var bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private String url(FaultServer at, String path) {
    return "http://" + at.host() + path;
  }

  @Test
  void aServersErrorIsTriedAgain() throws IOException {
    server.on("GET /v2/app/manifests/1", status(500), bytes(200, MANIFEST, "Content-Type", TYPE));

    assertThat(registry.manifest("app", "1").orElseThrow().bytes()).isEqualTo(MANIFEST);
  }

  @Test
  void aRegistryThatAsksForPatienceGetsIt() throws IOException {
    server.on(
        "GET /v2/app/manifests/1",
        status(429, "Retry-After", "0"),
        status(429, "Retry-After", "0"),
        bytes(200, MANIFEST, "Content-Type", TYPE));

    assertThat(registry.manifest("app", "1")).isPresent();
  }

  @Test
  void attemptsEndAndTheLastErrorIsTold() {
    server.on(
        "GET /v2/app/manifests/1",
        bytes(503, "{\"errors\":[{\"code\":\"BUSY\",\"message\":\"come back\"}]}".getBytes(UTF_8)));

    assertThatThrownBy(() -> registry.manifest("app", "1"))
        .isInstanceOfSatisfying(
            RegistryException.class,
            failed -> {
              assertThat(failed.failure().name()).isEqualTo("registry-error");
              assertThat(failed.failure().message())
                  .contains(server.host() + "/app:1", "503", "BUSY: come back");
            });
    assertThat(server.asked()).hasSize(4);
  }

  @Test
  void aCutBlobGoesOnFromWhereItBroke() throws IOException {
    // given
    var bytes = random(100_000);
    var rest = Arrays.copyOfRange(bytes, 60_000, bytes.length);
    server.on(
        "GET /v2/app/blobs/" + Digest.sha256(bytes),
        cut(bytes, 60_000),
        bytes(206, rest, "Content-Range", "bytes 60000-99999/100000"));

    // when
    try (var input = registry.blob("app", blob(bytes))) {
      // then
      assertThat(input.readAllBytes()).isEqualTo(bytes);
    }
    assertThat(server.asked().getLast().range()).isEqualTo("bytes=60000-");
  }

  @Test
  void aCutBlobOfARegistryThatKnowsNoRangesIsReadPastWhatWeHave() throws IOException {
    var bytes = random(100_000);
    server.on("GET /v2/app/blobs/" + Digest.sha256(bytes), cut(bytes, 70_000), bytes(200, bytes));

    try (var input = registry.blob("app", blob(bytes))) {
      assertThat(input.readAllBytes()).isEqualTo(bytes);
    }
  }

  @Test
  void aBlobOfOtherContentIsRefused() throws IOException {
    var bytes = random(1000);
    server.on("GET /v2/app/blobs/" + Digest.sha256(bytes), bytes(200, new byte[1000]));

    try (var input = registry.blob("app", blob(bytes))) {
      assertThatThrownBy(input::readAllBytes).isInstanceOf(DigestMismatchException.class);
    }
  }

  @Test
  void aBlobThatStopsComingIsGivenUp() throws Exception {
    // given a registry that sends half a blob and then nothing
    var bytes = random(1000);
    var done = new java.util.concurrent.CountDownLatch(1);
    server.on(
        "GET /v2/app/blobs/" + Digest.sha256(bytes),
        exchange -> {
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes, 0, 500);
          exchange.getResponseBody().flush();
          try {
            done.await();
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        });

    try (var input = registry.blob("app", blob(bytes))) {
      assertThatThrownBy(input::readAllBytes)
          .isInstanceOf(RegistryException.class)
          .hasMessageContaining("no answer in time");
    } finally {
      done.countDown();
    }
  }

  @Test
  void aManifestAskedForByDigestMustHaveIt() {
    var digest = Digest.sha256("another".getBytes(UTF_8));
    server.on(
        "GET /v2/app/manifests/" + digest,
        bytes(200, MANIFEST, "Content-Type", TYPE, "Docker-Content-Digest", digest.toString()));

    assertThatThrownBy(() -> registry.manifest("app", digest.toString()))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("has the digest " + Digest.sha256(MANIFEST));
  }

  @Test
  void aManifestWithoutEndIsRefused() {
    server.on("GET /v2/app/manifests/1", bytes(200, new byte[5 << 20], "Content-Type", TYPE));

    assertThatThrownBy(() -> registry.manifest("app", "1")).hasMessageContaining("4 MiB");
  }

  @Test
  void aWebPageIsNoManifest() {
    server.on(
        "GET /v2/app/manifests/1",
        bytes(200, "<html>".getBytes(UTF_8), "Content-Type", "text/html; charset=utf-8"));

    assertThatThrownBy(() -> registry.manifest("app", "1")).hasMessageContaining("web page");
  }

  @Test
  void anotherHostGetsNoAuthorizationWhenABlobIsThere() throws IOException {
    // given
    var bytes = random(1000);
    var path = "/v2/app/blobs/" + Digest.sha256(bytes);
    server.on(
        "GET " + path,
        status(401, "WWW-Authenticate", "Basic realm=\"x\""),
        status(307, "Location", url(other, "/storage?signature=1")));
    other.on("GET /storage", bytes(200, bytes));

    // when
    try (var input = registry.blob("app", blob(bytes))) {
      assertThat(input.readAllBytes()).isEqualTo(bytes);
    }

    // then
    assertThat(server.asked().getLast().authorization()).isEqualTo(BASIC);
    assertThat(other.asked()).hasSize(1);
    assertThat(other.asked().getFirst().authorization()).isEmpty();
  }

  @Test
  void anotherHostGetsNoAuthorizationWhenAnUploadGoesThere() throws IOException {
    // given
    var bytes = random(1000);
    server.on(
        "POST /v2/app/blobs/uploads/",
        status(401, "WWW-Authenticate", "Basic realm=\"x\""),
        status(202, "Location", url(other, "/upload/1?state=a%3D%3D")));
    other
        .on("PATCH /upload/1", status(202, "Location", "/upload/2?state=b"))
        .on("PUT /upload/2", status(201));

    // when
    registry.pushBlob("app", blob(bytes), () -> new ByteArrayInputStream(bytes));

    // then
    assertThat(other.asked()).allSatisfy(each -> assertThat(each.authorization()).isEmpty());
    assertThat(other.asked().get(0).bodySize()).isEqualTo(1000);
    assertThat(other.asked().get(0).uri()).isEqualTo("/upload/1?state=a%3D%3D");
    assertThat(other.asked().get(1).uri())
        .isEqualTo("/upload/2?state=b&digest=sha256%3A" + Digest.sha256(bytes).hex());
  }

  @Test
  void aLostUploadBeginsAgainFromANewSession() throws IOException {
    var bytes = random(300_000);
    server
        .on(
            "POST /v2/app/blobs/uploads/",
            status(202, "Location", "/upload/1"),
            status(202, "Location", "/upload/2"),
            status(202, "Location", "/upload/3"))
        .on(
            "PATCH /upload/1",
            exchange -> {
              throw new IOException("cut on purpose");
            })
        .on("PATCH /upload/2", status(404))
        .on("PATCH /upload/3", status(202, "Location", "/upload/3"))
        .on("PUT /upload/3", status(201));

    registry.pushBlob("app", blob(bytes), () -> new ByteArrayInputStream(bytes));

    assertThat(server.asked().getLast().uri()).startsWith("/upload/3?digest=");
  }

  @Test
  void aCutUploadGoesOnFromWhereTheRegistryHasCome() throws IOException {
    var bytes = random(300_000);
    server
        .on("POST /v2/app/blobs/uploads/", status(202, "Location", "/upload/1"))
        .on(
            "PATCH /upload/1",
            exchange -> {
              throw new IOException("cut on purpose");
            },
            status(202, "Location", "/upload/2"))
        .on("GET /upload/1", status(204, "Range", "0-199999"))
        .on("PUT /upload/2", status(201));

    registry.pushBlob("app", blob(bytes), () -> new ByteArrayInputStream(bytes));

    assertThat(server.asked().stream().filter(asked -> asked.method().equals("PATCH")))
        .extracting(FaultServer.Asked::bodySize)
        .containsExactly(300_000, 100_000);
  }

  @Test
  void aRegistryThatIsWrongAboutWhatItHasGetsEverythingAgain() throws IOException {
    var bytes = random(300_000);
    server
        .on(
            "POST /v2/app/blobs/uploads/",
            status(202, "Location", "/upload/1"),
            status(202, "Location", "/upload/3"))
        .on(
            "PATCH /upload/1",
            exchange -> {
              throw new IOException("cut on purpose");
            },
            status(416))
        .on("GET /upload/1", status(204, "Range", "0-199999"))
        .on("PATCH /upload/3", status(202, "Location", "/upload/3"))
        .on("PUT /upload/3", status(201));

    registry.pushBlob("app", blob(bytes), () -> new ByteArrayInputStream(bytes));

    assertThat(server.asked().getLast().uri()).startsWith("/upload/3?digest=");
  }

  @Test
  void contentThatCannotBeReadIsNotBlamedOnTheRegistry() {
    server.on("POST /v2/app/blobs/uploads/", status(202, "Location", "/upload/1"));
    server.on("PATCH /upload/1", status(202, "Location", "/upload/1"));

    assertThatThrownBy(() ->
            registry.pushBlob(
                "app",
                blob(random(1000)),
                () -> {
                  throw new IOException("disk on fire");
                }))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(RegistryException.class)
        .hasMessage("disk on fire");
  }

  @Test
  void aTokenIsFetchedOnceForAllThatNeedIt() throws Exception {
    // given a registry that wants a token with the right scope
    server.on(
        "HEAD /v2/app/blobs/" + Digest.sha256(MANIFEST),
        exchange -> {
          var header = exchange.getRequestHeaders().getFirst("Authorization");
          var reply =
              "Bearer t0ken".equals(header)
                  ? status(200)
                  : status(
                      401,
                      "WWW-Authenticate",
                      "Bearer realm=\"" + url(other, "/token") + "\",service=registry.test");
          reply.to(exchange);
        });
    other.on("GET /token", bytes(200, "{\"token\":\"t0ken\",\"expires_in\":300}".getBytes(UTF_8)));

    // when
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Boolean> look = () -> registry.hasBlob("app", Digest.sha256(MANIFEST));
      for (var answer : threads.invokeAll(IntStream.range(0, 8).mapToObj(_ -> look).toList())) {
        assertThat(answer.get()).isTrue();
      }
    }

    // then
    assertThat(other.asked()).hasSize(1);
    assertThat(other.asked().getFirst().authorization()).isEqualTo(BASIC);
    assertThat(other.asked().getFirst().uri())
        .isEqualTo("/token?service=registry.test&scope=repository%3Aapp%3Apull%2Cpush&account=me");
  }

  @Test
  void aTokenTheRegistryRejectsIsReplacedOnce() throws IOException {
    var bearer = "Bearer realm=\"" + url(other, "/token") + "\"";
    server.on(
        "GET /v2/app/manifests/1",
        status(401, "WWW-Authenticate", bearer),
        bytes(200, MANIFEST, "Content-Type", TYPE),
        status(401, "WWW-Authenticate", bearer),
        bytes(200, MANIFEST, "Content-Type", TYPE));
    other.on(
        "GET /token",
        bytes(200, "{\"access_token\":\"one\"}".getBytes(UTF_8)),
        bytes(200, "{\"token\":\"two\"}".getBytes(UTF_8)));

    assertThat(registry.manifest("app", "1")).isPresent();
    assertThat(registry.manifest("app", "1")).isPresent();

    assertThat(server.asked().stream().map(FaultServer.Asked::authorization))
        .containsExactly("", "Bearer one", "Bearer one", "Bearer two");
  }

  @Test
  void aWrongPasswordIsSaidToBeWrongWithoutBeingShown() {
    server.on("GET /v2/app/manifests/1", status(401, "WWW-Authenticate", "Basic realm=x"));

    assertThatThrownBy(() -> registry.manifest("app", "1"))
        .isInstanceOfSatisfying(
            RegistryException.class,
            denied -> {
              assertThat(denied.failure().name()).isEqualTo("registry-denied");
              assertThat(denied.failure().advice()).contains(server.host(), "config.json");
              assertThat(denied.failure().toString()).doesNotContain("secret");
            });
    assertThat(server.asked()).hasSize(2);
  }

  @Test
  void aTokenServiceOutsideTlsIsNotTrustedWithAPassword() throws IOException {
    var call =
        new Call(
            "test",
            "GET",
            java.net.URI.create("https://registry.test/v2/"),
            "app",
            java.util.List.of(),
            java.util.Map.of(),
            new Call.Body.None());
    var authentication =
        new RegistryAuthentication(
            Endpoint.of("registry.test", Endpoint.Direction.PULL, QUICK),
            (_, _) -> Optional.of(new Credential.UserPassword("me", "secret")),
            _ -> {
              throw new AssertionError("must not be asked");
            },
            java.time.InstantSource.system());

    assertThatThrownBy(() ->
            authentication.renewed(
                java.util.List.of("Bearer realm=\"http://evil.test/token\""), call, ""))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("not an https address");
  }

  @Test
  void nobodyListeningIsToldAtOnce() throws IOException {
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    assertThatThrownBy(() -> registries.pull("127.0.0.1:" + port).manifest("app", "1"))
        .isInstanceOfSatisfying(
            RegistryException.class,
            down -> assertThat(down.failure().name()).isEqualTo("registry-unreachable"))
        .hasMessageContaining("refused")
        .hasMessageContaining("127.0.0.1:" + port + "/app:1");
  }

  @Test
  void anImmutableTagHasItsOwnName() {
    server.on(
        "PUT /v2/app/manifests/1",
        bytes(
            400,
            "{\"errors\":[{\"code\":\"TAG_INVALID\",\"message\":\"the repository is immutable\"}]}"
                .getBytes(UTF_8)));

    assertThatThrownBy(() -> registry.pushManifest("app", "1", MediaType.OCI_MANIFEST, MANIFEST))
        .isInstanceOfSatisfying(
            RegistryException.class,
            refused -> assertThat(refused.failure().name()).isEqualTo("tag-immutable"));
  }

  @Test
  void aHeadWithoutADigestIsMadeUpForByReading() throws IOException {
    server
        .on("HEAD /v2/app/manifests/1", status(200, "Content-Type", TYPE))
        .on("GET /v2/app/manifests/1", bytes(200, MANIFEST, "Content-Type", TYPE));

    assertThat(registry.headManifest("app", "1"))
        .contains(Descriptor.of(MediaType.OCI_MANIFEST, Digest.sha256(MANIFEST), MANIFEST.length));
  }
}
