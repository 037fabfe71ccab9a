package dev.birgus.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.bus.InMemoryEventBus;
import dev.birgus.infra.codec.StateCodec;
import dev.birgus.infra.contracts.AdmissionRules;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.BuildRequest;
import dev.birgus.infra.contracts.ContextRef;
import dev.birgus.infra.contracts.Delivery;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.doors.DoorSettings;
import dev.birgus.infra.doors.HttpDoors;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.Metrics;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.ImageReference;
import dev.birgus.infra.oci.Platform;
import dev.birgus.infra.testkit.InMemoryBlobStore;
import dev.birgus.ingest.api.ApiService;
import dev.birgus.ingest.api.ApiSettings;
import dev.birgus.ingest.api.Tokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two teams and their operator at one API. */
class TenantsTest {

  private static final String SUBMIT = "0123456789abcdef-submit";
  private static final String OTHERS = "0123456789abcdef-others";
  private static final String ABOVE = "0123456789abcdef-above";
  private static final Tokens TOKENS =
      Tokens.parse(
          "submit team-a %s\nsubmit team-b %s\nsubmit %s\n".formatted(SUBMIT, OTHERS, ABOVE),
          "tokens");
  private static final byte[] CONTEXT = "a context".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;

  private final InMemoryEventBus bus =
      new InMemoryEventBus((_, failure) -> failure.printStackTrace());
  private final BlockingQueue<Event> published = new LinkedBlockingQueue<>();
  private final InMemoryBlobStore blobs = new InMemoryBlobStore();
  private final InMemoryBlobStore notes = new InMemoryBlobStore();
  private final HttpDoors doors = new HttpDoors(Journal.silent());
  private final HttpClient client = HttpClient.newHttpClient();
  private final Digest context = Digest.sha256(CONTEXT);
  private @Nullable ApiService api;
  private int port;

  @BeforeEach
  void start() throws Exception {
    start(bus);
    var put = request(SUBMIT, "/v1/blobs/" + context).PUT(BodyPublishers.ofByteArray(CONTEXT));
    assertThat(status(put)).isEqualTo(201);
    var _ = bus.subscribe(Topic.BUILDS, "test", published::add);
  }

  private void start(EventBus on) {
    var made =
        new ApiService(
            new ApiSettings(
                folder.resolve("builds"),
                10,
                1000,
                new AdmissionRules(false, Set.of(), Set.of(), Duration.ofHours(1))),
            () -> TOKENS,
            new ApiService.Contexts(blobs, notes),
            InstantSource.system(),
            Metrics.none(),
            Journal.silent());
    made.start(on);
    port = doors.open("api", new DoorSettings("127.0.0.1", 0), made.routes());
    api = made;
  }

  @AfterEach
  void close() {
    client.close();
    doors.close();
    closeApi();
    bus.close();
  }

  private void closeApi() {
    if (api != null) {
      api.close();
    }
  }

  private HttpRequest.Builder request(String token, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .header("authorization", "Bearer " + token);
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private int head(String path) throws IOException, InterruptedException {
    return status(request(SUBMIT, path).HEAD());
  }

  private HttpRequest.Builder submission(String token) {
    var name = "registry.test/a:1";
    var build =
        new BuildRequest(
            new BuildRequest.Dockerfile("Dockerfile", "FROM scratch\n"),
            ContextRef.inBlob(context),
            Map.of(),
            Map.of(),
            Map.of(),
            List.of(),
            List.of(),
            Platform.of("linux", "amd64"),
            List.of(name),
            List.of(new Delivery.ToRegistry(ImageReference.parse(name), name)),
            BuildOptions.DEFAULT);
    var bytes = new StateCodec<>(BuildRequest.class).encode(build);
    return request(token, "/v1/builds").POST(BodyPublishers.ofByteArray(bytes));
  }

  private BuildId submitted() throws IOException, InterruptedException {
    assertThat(status(submission(SUBMIT))).isEqualTo(201);
    var event = (Event.BuildRequested) published.poll(30, TimeUnit.SECONDS);
    return event.build();
  }

  private int status(HttpRequest.Builder request) throws IOException, InterruptedException {
    return send(request).statusCode();
  }

  @Test
  void theBuildsOfAnotherTenantAreNotThere() throws Exception {
    // given
    var build = submitted();
    var path = "/v1/builds/" + build;

    // then
    assertThat(status(request(OTHERS, path))).isEqualTo(404);
    assertThat(status(request(OTHERS, path + "/events?follow=false"))).isEqualTo(404);
    assertThat(status(request(OTHERS, path).DELETE())).isEqualTo(404);
    assertThat(send(request(OTHERS, "/v1/builds")).body()).isEqualTo("{\"builds\":[]}\n");
    assertThat(published.poll()).as("nothing was cancelled").isNull();
    assertThat(send(request(SUBMIT, "/v1/builds")).body()).contains(build.value());
    assertThat(send(request(ABOVE, path)).statusCode()).isEqualTo(200);
    assertThat(send(request(ABOVE, path).DELETE()).statusCode()).isEqualTo(202);
  }

  @Test
  void aContextIsThereForTheTenantWhoBroughtItAlone() throws Exception {
    // given
    var path = "/v1/blobs/" + context;
    assertThat(head(path)).isEqualTo(200);

    // then
    assertThat(status(request(OTHERS, path).HEAD())).isEqualTo(404);
    assertThat(status(submission(OTHERS))).isEqualTo(409);
    assertThat(send(request(ABOVE, path).HEAD()).statusCode()).isEqualTo(200);

    // when
    assertThat(status(request(OTHERS, path).PUT(BodyPublishers.ofByteArray(CONTEXT))))
        .isEqualTo(201);

    // then
    assertThat(status(submission(OTHERS))).isEqualTo(201);
  }

  @Test
  void aBlobThatAnotherTenantWroteIsNoNote() throws Exception {
    // given: the text of a note, as a context
    var secret = blobs.add("a layer of somebody else".getBytes(StandardCharsets.UTF_8));
    var note = ("context\nteam-b\n" + secret + "\n").getBytes(StandardCharsets.UTF_8);
    var put =
        request(OTHERS, "/v1/blobs/" + Digest.sha256(note)).PUT(BodyPublishers.ofByteArray(note));
    assertThat(status(put)).isEqualTo(201);

    // then
    assertThat(status(request(OTHERS, "/v1/blobs/" + secret).HEAD())).isEqualTo(404);
  }

  @Test
  void whatATenantHasBroughtToOneServerIsThereAtAnother() throws Exception {
    // given
    closeApi();
    try (var another = new InMemoryEventBus((_, _) -> {})) {
      start(another);

      // then
      assertThat(head("/v1/blobs/" + context)).isEqualTo(200);
      assertThat(status(submission(SUBMIT))).isEqualTo(201);
      closeApi();
    }
  }

  @Test
  void aServerThatDrainsTakesNothingNewAndAnswersWhatIsAsked() throws Exception {
    // given
    var build = submitted();
    var put = request(SUBMIT, "/v1/blobs/" + context).PUT(BodyPublishers.ofByteArray(CONTEXT));

    // when
    if (api != null) {
      api.drain(Duration.ofSeconds(30));
    }

    // then
    var refused = send(submission(SUBMIT));
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
    assertThat(status(put)).isEqualTo(503);
    assertThat(status(request(SUBMIT, "/v1/builds/" + build))).isEqualTo(200);
    assertThat(status(request(SUBMIT, "/v1/builds/" + build).DELETE())).isEqualTo(202);
  }
}
