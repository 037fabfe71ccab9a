package dev.birgus.infra.doors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.Meter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Doors over real sockets. */
class HttpDoorsTest {

  private final HttpDoors doors = new HttpDoors(Journal.silent());
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    client.close();
    doors.close();
  }

  private int open(Routes routes) {
    return doors.open("test", new DoorSettings("127.0.0.1", 0), routes);
  }

  private HttpResponse<String> send(int port, String method, String path, byte[] body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, BodyPublishers.ofByteArray(body))
            .build();
    return client.send(request, BodyHandlers.ofString());
  }

  private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
    return send(port, "GET", path, new byte[0]);
  }

  @Test
  void requestsThatLastTakeNoPlaceOfOthers() throws Exception {
    // given
    var entered = new CountDownLatch(2);
    var leave = new CountDownLatch(1);
    Endpoint lasts =
        exchange -> {
          entered.countDown();
          leave.await();
          exchange.respond(200);
        };
    var port =
        open(
            new Routes()
                .lasting("GET", "/lasts", 2, lasts)
                .on("GET", "/short", exchange -> exchange.respond(200)));
    var watching =
        List.of(0, 1).stream()
            .map(_ -> client.sendAsync(asking(port, "/lasts"), BodyHandlers.ofString()))
            .toList();
    entered.await();

    // then
    assertThat(get(port, "/lasts").statusCode()).isEqualTo(503);
    assertThat(get(port, "/short").statusCode()).isEqualTo(200);

    // when
    leave.countDown();
    for (var each : watching) {
      assertThat(each.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
  }

  private static HttpRequest asking(int port, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
  }

  @Test
  void aRouteSeesThePartsOfItsPathAndItsQuery() throws Exception {
    // given
    var port =
        open(
            new Routes()
                .on(
                    "GET",
                    "/builds/{id}/events",
                    exchange ->
                        exchange.respond(
                            200,
                            Json.Obj.EMPTY
                                .with("id", Json.of(exchange.parameter("id")))
                                .with("from", Json.of(exchange.query("from").orElse(""))))));

    // when
    var answer = get(port, "/builds/b-1/events?from=7");

    // then
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"id\":\"b-1\",\"from\":\"7\"}\n");
  }

  @Test
  void whatIsNotThereIsSaidSo() throws Exception {
    // given
    var port = open(new Routes().on("GET", "/here", exchange -> exchange.respond(200)));

    // then
    assertThat(get(port, "/there").statusCode()).isEqualTo(404);
    assertThat(get(port, "/here/").statusCode()).isEqualTo(404);
    var wrongMethod = send(port, "DELETE", "/here", new byte[0]);
    assertThat(wrongMethod.statusCode()).isEqualTo(405);
    assertThat(wrongMethod.headers().firstValue("allow")).contains("GET");
  }

  @Test
  void aFailureIsAnsweredWithItsNameMessageAndAdvice() throws Exception {
    // given
    var failure = Failure.of("bad-thing", "a thing is bad", "Make it better.");
    var port =
        open(
            new Routes()
                .on(
                    "GET",
                    "/failure",
                    _ -> {
                      throw new FailureException(failure);
                    })
                .on(
                    "GET",
                    "/refused",
                    _ -> {
                      throw new RefusedRequest(409, failure);
                    })
                .on(
                    "GET",
                    "/bug",
                    _ -> {
                      throw new IllegalStateException("a secret of the inside");
                    }));

    // then
    var answer = get(port, "/failure");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body())
        .isEqualTo(
            "{\"error\":{\"name\":\"bad-thing\",\"message\":\"a thing is bad\","
                + "\"advice\":\"Make it better.\"}}\n");
    assertThat(get(port, "/refused").statusCode()).isEqualTo(409);
    assertThat(get(port, "/bug").statusCode()).isEqualTo(500);
    assertThat(get(port, "/bug").body()).doesNotContain("secret");
  }

  @Test
  void aLargeBodyArrivesWholeAndALargerOneIsRefused() throws Exception {
    // given
    var bytes = new byte[3_000_000];
    new Random(1).nextBytes(bytes);
    var port =
        open(
            new Routes()
                .on(
                    "PUT",
                    "/echo",
                    exchange -> {
                      try (var in = exchange.body(3_000_000);
                          var out = exchange.stream(200, "application/octet-stream")) {
                        in.transferTo(out);
                      }
                    })
                .on(
                    "PUT",
                    "/small",
                    exchange -> {
                      exchange.body(2_000_000).transferTo(java.io.OutputStream.nullOutputStream());
                      exchange.respond(200);
                    }));
    var uri = URI.create("http://127.0.0.1:" + port + "/echo");

    // when
    var echoed =
        client.send(
            HttpRequest.newBuilder(uri).PUT(BodyPublishers.ofByteArray(bytes)).build(),
            BodyHandlers.ofByteArray());

    // then
    assertThat(echoed.body()).isEqualTo(bytes);
    try {
      assertThat(send(port, "PUT", "/small", bytes).statusCode()).isEqualTo(413);
    } catch (IOException cutOff) {
      // The connection was closed while the client still wrote.
      assertThat(cutOff).isNotNull();
    }
    assertThat(get(port, "/nothing").statusCode()).isEqualTo(404);
  }

  @Test
  void anEndpointLearnsThatItsClientHasGone() throws Exception {
    // given
    var gone = new CountDownLatch(1);
    var port =
        open(
            new Routes()
                .on(
                    "GET",
                    "/endless",
                    exchange -> {
                      try (var out = exchange.stream(200, "text/plain")) {
                        while (true) {
                          out.write("line\n".getBytes(StandardCharsets.UTF_8));
                        }
                      } catch (IOException broken) {
                        gone.countDown();
                        throw broken;
                      }
                    }));

    // when
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/endless")).build();
    try (var body = client.send(request, BodyHandlers.ofInputStream()).body()) {
      assertThat(body.readNBytes(5)).hasSize(5);
    }

    // then
    assertThat(gone.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aProcessIsReadyWhenAllItsPartsAre() throws Exception {
    // given
    var health = new Health().expects("bus").expects("blobs");
    var port = open(health.routes());

    // then
    assertThat(get(port, "/livez").statusCode()).isEqualTo(200);
    assertThat(get(port, "/readyz").statusCode()).isEqualTo(503);
    health.ready("bus");
    assertThat(get(port, "/readyz").body()).contains("\"blobs\":\"not started yet\"");
    health.ready("blobs");
    assertThat(get(port, "/readyz").statusCode()).isEqualTo(200);
    health.drain();
    assertThat(get(port, "/readyz").statusCode()).isEqualTo(503);
    assertThat(get(port, "/livez").statusCode()).isEqualTo(200);
  }

  @Test
  void aProcessAPartOfWhichHasStoppedDoesNotLive() throws Exception {
    // given
    var stopped = new AtomicReference<Optional<String>>(Optional.empty());
    var health = new Health();
    health.watchEnd("bus", stopped::get);
    var port = open(health.routes());
    assertThat(get(port, "/livez").statusCode()).isEqualTo(200);
    assertThat(get(port, "/readyz").statusCode()).isEqualTo(200);

    // when
    stopped.set(Optional.of("bus-builds has stopped"));

    // then
    assertThat(get(port, "/livez").statusCode()).isEqualTo(503);
    assertThat(get(port, "/livez").body())
        .isEqualTo("{\"status\":\"stopped\",\"problems\":{\"bus\":\"bus-builds has stopped\"}}\n");
    assertThat(get(port, "/readyz").statusCode()).isEqualTo(503);
    assertThat(get(port, "/readyz").body()).contains("bus-builds has stopped");
  }

  @Test
  void prometheusReadsWhatWasCounted() throws Exception {
    try (var metrics = new PrometheusMetrics()) {
      // given
      var port = open(metrics.routes());
      metrics.count(Meter.BUILDS_ENDED, "succeeded");
      metrics.add(Meter.BYTES_MOVED, 12, "upload");
      metrics.took(Meter.STEP_TIME, java.time.Duration.ofMillis(1500));
      metrics.gauge(Meter.SLOTS, () -> 4);

      // when
      var answer = get(port, "/metrics");

      // then
      assertThat(answer.headers().firstValue("content-type").orElse("")).startsWith("text/plain");
      assertThat(answer.body())
          .contains("birgus_builds_ended_total{outcome=\"succeeded\"} 1.0")
          .contains("birgus_transfer_bytes_total{kind=\"upload\"} 12.0")
          .contains("birgus_step_duration_seconds_count 1")
          .contains("birgus_slots 4.0")
          .contains("jvm_memory_used_bytes");
    }
  }

  @Test
  void labelsThatDoNotFitAreAMistake() {
    try (var metrics = new PrometheusMetrics()) {
      assertThatThrownBy(() -> metrics.count(Meter.BUILDS_ENDED))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aPortThatIsTakenIsSaidSo() {
    // given
    var port = open(new Routes());

    // then
    assertThatThrownBy(
            () -> doors.open("second", new DoorSettings("127.0.0.1", port), new Routes()))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("127.0.0.1:" + port);
  }

  @Test
  void aCertificateThatCannotBeUsedIsNamed(@TempDir Path folder) throws IOException {
    // given
    var none = folder.resolve("none.pem");
    var broken = Files.writeString(folder.resolve("broken.pem"), "no certificate");

    // then
    for (var file : List.of(none, broken)) {
      var tls = Optional.of(new DoorSettings.Certificate(file, file));
      try (var doors = new HttpDoors(Journal.silent())) {
        assertThatThrownBy(
                () -> doors.open("api", new DoorSettings("127.0.0.1", 0, tls), new Routes()))
            .isInstanceOf(FailureException.class)
            .hasMessageContaining("cannot use the certificate " + file);
      }
    }
  }
}
