package dev.birgus.cli.serve;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.bus.InMemoryEventBus;
import dev.birgus.infra.codec.StateCodec;
import dev.birgus.infra.contracts.AdmissionRules;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.BuildRequest;
import dev.birgus.infra.contracts.BuildRequest.NamedContext;
import dev.birgus.infra.contracts.ContextRef;
import dev.birgus.infra.contracts.Delivery;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Grants;
import dev.birgus.infra.contracts.Grants.SecretSource;
import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.Scheduling;
import dev.birgus.infra.contracts.StageId;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The API over real sockets, on the bus of one process. */
class ApiTest {

  private static final String SUBMIT = "0123456789abcdef-submit";
  private static final String READ = "0123456789abcdef-read";
  private static final Tokens TOKENS =
      Tokens.parse("# ours\nsubmit team-a " + SUBMIT + "\nread " + READ + "\n", "tokens");
  private static final byte[] CONTEXT = "a context".getBytes(StandardCharsets.UTF_8);
  private static final Digest DIGEST = Digest.sha256(new byte[] {1});
  private static final StageId STAGE = new StageId(DIGEST);

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
    assertThat(put("/v1/blobs/" + context, CONTEXT)).isEqualTo(201);
    var _ = bus.subscribe(Topic.BUILDS, "test", published::add);
  }

  private void start(EventBus on) {
    var made =
        new ApiService(
            new ApiSettings(
                folder.resolve("builds"),
                2,
                1000,
                new AdmissionRules(true, Set.of("TOKEN"), Set.of(), Duration.ofHours(1))),
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
    var builder = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    return token.isEmpty() ? builder : builder.header("authorization", "Bearer " + token);
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(READ, path));
  }

  private HttpResponse<String> submit(BuildRequest build) throws IOException, InterruptedException {
    var bytes = new StateCodec<>(BuildRequest.class).encode(build);
    return send(request(SUBMIT, "/v1/builds").POST(BodyPublishers.ofByteArray(bytes)));
  }

  private BuildRequest build() {
    return build(ContextRef.inBlob(context), Map.of(), List.of(), Grants.NONE);
  }

  private static BuildRequest build(
      ContextRef context, Map<String, NamedContext> named, List<Delivery> more, Grants grants) {
    var deliveries = new ArrayList<Delivery>();
    deliveries.add(
        new Delivery.ToRegistry(ImageReference.parse("registry.test/a:1"), "registry.test/a:1"));
    deliveries.addAll(more);
    return new BuildRequest(
        new BuildRequest.Dockerfile("Dockerfile", "FROM scratch\n"),
        context,
        named,
        Map.of(),
        Map.of(),
        List.of(),
        List.of(),
        Platform.of("linux", "amd64"),
        List.of("registry.test/a:1"),
        deliveries,
        BuildOptions.DEFAULT.with(grants));
  }

  private BuildId submitted() throws IOException, InterruptedException {
    assertThat(submit(build()).statusCode()).isEqualTo(201);
    var event = published.poll(30, TimeUnit.SECONDS);
    assertThat(event).isInstanceOf(Event.BuildRequested.class);
    return ((Event.BuildRequested) event).build();
  }

  private void awaitState(BuildId build, String state) throws IOException, InterruptedException {
    // Events are on their way: asking again is all a client can do.
    var until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!get("/v1/builds/" + build).body().contains("\"state\":\"" + state + "\"")) {
      assertThat(System.nanoTime()).as("not %s in time", state).isLessThan(until);
      Thread.onSpinWait();
    }
  }

  @Test
  void whoShowsNoTokenOrAWrongOneIsSentAway() throws Exception {
    assertThat(send(request("", "/v1/builds")).statusCode()).isEqualTo(401);
    assertThat(send(request("0123456789abcdef-wrong", "/v1/builds")).statusCode()).isEqualTo(401);
    assertThat(get("/v1/builds").statusCode()).isEqualTo(200);
  }

  @Test
  void whoMayReadMayNotSubmit() throws Exception {
    // when
    var answer = send(request(READ, "/v1/builds").POST(BodyPublishers.ofString("{}")));

    // then
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("\"name\":\"not-allowed\"").doesNotContain(READ);
  }

  @Test
  void aContextIsTakenIfItIsWhatItsNameSays() throws Exception {
    // given
    var bytes = "files".getBytes(StandardCharsets.UTF_8);
    var path = "/v1/blobs/" + Digest.sha256(bytes);

    // then
    assertThat(head(path)).isEqualTo(404);
    assertThat(put(path, "other".getBytes(StandardCharsets.UTF_8))).isEqualTo(400);
    assertThat(head(path)).isEqualTo(404);
    assertThat(put(path, bytes)).isEqualTo(201);
    assertThat(head(path)).isEqualTo(200);
    assertThat(put("/v1/blobs/" + Digest.sha256(new byte[1001]), new byte[1001])).isEqualTo(413);
    assertThat(put("/v1/blobs/nonsense", bytes)).isEqualTo(400);
  }

  private int head(String path) throws IOException, InterruptedException {
    return send(request(SUBMIT, path).HEAD()).statusCode();
  }

  private int put(String path, byte[] bytes) throws IOException, InterruptedException {
    return send(request(SUBMIT, path).PUT(BodyPublishers.ofByteArray(bytes))).statusCode();
  }

  @Test
  void aBuildIsPublishedForTheTenantOfItsToken() throws Exception {
    // when
    var answer = submit(build());

    // then
    assertThat(answer.statusCode()).isEqualTo(201);
    var event = (Event.BuildRequested) published.poll(30, TimeUnit.SECONDS);
    assertThat(event.request().scheduling().tenant()).isEqualTo("team-a");
    assertThat(event.request().scheduling().timeLimit()).contains(Duration.ofHours(1));
    assertThat(event.at()).as("for its line").isPresent();
    assertThat(answer.body()).contains(event.build().value());
    awaitState(event.build(), "waiting");
  }

  @Test
  void whichBuildOfALineIsTheNewestIsSaidWhenItIsAccepted() throws Exception {
    // given
    var lines = new LinkedBlockingQueue<Event>();
    var _ = bus.subscribe(Topic.LINES, "test", lines::add);
    var scheduling =
        new Scheduling("", 0, Optional.of("main"), Optional.empty(), Scheduling.DEFAULT_POOL, true);

    // when no planner has heard of either
    submit(build().with(scheduling));
    submit(build().with(scheduling));

    // then
    for (var each = 0; each < 2; each++) {
      var requested = (Event.BuildRequested) published.poll(30, TimeUnit.SECONDS);
      assertThat(lines.poll(30, TimeUnit.SECONDS))
          .isEqualTo(new Event.LineAdvanced(requested.build(), "main"));
    }
  }

  @Test
  void aRequestThatIsSentAgainIsTheSameBuild() throws Exception {
    // given
    var bytes = new StateCodec<>(BuildRequest.class).encode(build());

    // when
    var first = keyed("key-1", bytes);
    var second = keyed("key-1", bytes);
    var other = keyed("key-2", bytes);

    // then
    assertThat(second).isEqualTo(first).isNotEqualTo(other);
  }

  private String keyed(String key, byte[] bytes) throws IOException, InterruptedException {
    return send(request(SUBMIT, "/v1/builds")
            .header("idempotency-key", key)
            .POST(BodyPublishers.ofByteArray(bytes)))
        .body();
  }

  @Test
  void whatNamesAPlaceOnAMachineIsRefused() throws Exception {
    var ref = ContextRef.inBlob(context);
    assertRefused(
        "local-output", build(ref, Map.of(), List.of(new Delivery.ToTar("/x")), Grants.NONE));
    assertRefused(
        "local-image",
        build(
            ref,
            Map.of("base", new NamedContext.Image(new ImageSource.FromLayout("/etc", "latest"))),
            List.of(),
            Grants.NONE));
    assertRefused(
        "context-not-uploaded", build(new ContextRef("here"), Map.of(), List.of(), Grants.NONE));
    assertRefused("secret-not-allowed", withSecret(new SecretSource.InFile("/etc/shadow")));
    assertRefused("secret-not-allowed", withSecret(new SecretSource.InFile("../shadow")));
    assertRefused("secret-not-allowed", withSecret(new SecretSource.InEnvironment("PATH")));
    assertRefused(
        "not-allowed",
        build(
            ref,
            Map.of(),
            List.of(),
            new Grants(Map.of(), Map.of(), Set.of(Grants.Entitlement.INSECURE_SECURITY))));
    assertThat(submit(withSecret(new SecretSource.InFile("npm/token"))).statusCode())
        .isEqualTo(201);
    assertThat(submit(withSecret(new SecretSource.InEnvironment("TOKEN"))).statusCode())
        .isEqualTo(201);
  }

  private BuildRequest withSecret(SecretSource source) {
    return build(
        ContextRef.inBlob(context),
        Map.of(),
        List.of(),
        new Grants(Map.of("s", source), Map.of(), Set.of()));
  }

  private void assertRefused(String name, BuildRequest build)
      throws IOException, InterruptedException {
    var answer = submit(build);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("\"name\":\"" + name + "\"");
  }

  @Test
  void aBuildWithoutItsContextIsRefused() throws Exception {
    // when
    var missing =
        ContextRef.inBlob(Digest.sha256("nobody sent it".getBytes(StandardCharsets.UTF_8)));
    var answer = submit(build(missing, Map.of(), List.of(), Grants.NONE));

    // then
    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.body()).contains("context-missing");
  }

  @Test
  void whatIsNoRequestIsRefused() throws Exception {
    var answer = send(request(SUBMIT, "/v1/builds").POST(BodyPublishers.ofString("{\"a\":1}")));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(get("/v1/builds/nope").statusCode()).isEqualTo(404);
    assertThat(get("/v1/builds?limit=-1").statusCode()).isEqualTo(400);
  }

  @Test
  void eventsAreSentToTheEndOfTheBuildAndFromWhereAClientWas() throws Exception {
    // given
    var build = submitted();
    awaitState(build, "waiting");
    var lines =
        client
            .send(request(READ, "/v1/builds/" + build + "/events").build(), BodyHandlers.ofLines())
            .body()
            .filter(line -> !line.isEmpty())
            .iterator();

    // when
    publish(Topic.EVENTS, new Event.StepStarted(build, STAGE, 0));
    assertThat(lines.next()).contains("step-started");
    publish(Topic.LOGS, new Event.LogChunk(build, STAGE, 0, false, "hello\n"));
    publish(Topic.EVENTS, new Event.StepFinished(build, STAGE, 0, Duration.ofSeconds(1)));
    publish(Topic.EVENTS, new Event.BuildFailed(build, Failure.of("f", "it failed", "")));

    // then
    assertThat(lines.next()).contains("hello");
    assertThat(lines.next()).contains("step-finished");
    assertThat(lines.next()).contains("build-failed").contains("it failed");
    assertThat(lines.hasNext()).isFalse();
    assertThat(get("/v1/builds/" + build + "/events?events=2&logs=1").body())
        .startsWith("{\"topic\":\"events\",\"type\":\"dev.birgus.build-failed.v1\"")
        .hasLineCount(1);
    assertThat(get("/v1/builds/" + build).body())
        .contains("\"state\":\"failed\"")
        .contains("\"failure\":\"f\"");
  }

  private void publish(Topic topic, Event event) {
    bus.publish(topic, event.subject(), event);
  }

  @Test
  void aBuildIsKnownToWhoeverHasItsName() throws Exception {
    for (var i = 0; i < 20; i++) {
      var build = submitted();
      assertThat(get("/v1/builds/" + build).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aBuildThatAnotherServerHasJustTakenInIsWaitedFor() throws Exception {
    // given
    var build = new BuildId("b-of-another-server");
    var asked =
        client.sendAsync(request(READ, "/v1/builds/" + build).build(), BodyHandlers.ofString());

    // when
    publish(Topic.BUILDS, new Event.BuildRequested(build, build()));

    // then
    assertThat(asked.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
  }

  @Test
  void aBuildIsNotDeniedBeforeAllIsReadThatWasThere() throws Exception {
    // given
    try (var slow = new NeverReadBus()) {
      start(slow);

      // then
      assertThat(get("/v1/builds/b-1").statusCode()).isEqualTo(503);
      assertThat(requireNonNull(api).trouble()).isPresent();
      assertThat(submit(build()).statusCode()).isEqualTo(201);
      closeApi();
    }
  }

  @Test
  void aBuildIsCancelledByAnEvent() throws Exception {
    // given
    var build = submitted();
    awaitState(build, "waiting");

    // when
    var answer = send(request(SUBMIT, "/v1/builds/" + build + "?reason=enough").DELETE());

    // then
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(published.poll(30, TimeUnit.SECONDS))
        .isEqualTo(new Event.BuildCancelRequested(build, "enough"));
  }

  @Test
  void whatWasKnownIsKnownToTheNextServer() throws Exception {
    // given
    var build = submitted();
    publish(Topic.EVENTS, new Event.BuildSucceeded(build, DIGEST, 5));
    awaitState(build, "succeeded");
    closeApi();

    // when
    try (var another = new InMemoryEventBus((_, _) -> {})) {
      start(another);

      // then
      assertThat(get("/v1/builds?state=succeeded").body())
          .contains(build.value())
          .contains("registry.test/a:1");
      assertThat(get("/v1/builds?state=failed").body()).isEqualTo("{\"builds\":[]}\n");
      closeApi();
    }
  }

  @Test
  void whatIsForgottenStaysSoWhenItsEventsAreReadAgain() throws Exception {
    // given
    var first = submitted();
    publish(Topic.EVENTS, new Event.BuildSucceeded(first, DIGEST, 5));
    awaitState(first, "succeeded");
    for (var more = 0; more < 2; more++) {
      var build = submitted();
      publish(Topic.EVENTS, new Event.BuildSucceeded(build, DIGEST, 5));
      awaitState(build, "succeeded");
    }
    closeApi();

    // when
    try (var another = new InMemoryEventBus((_, _) -> {})) {
      start(another);
      another.publish(
          Topic.LOGS, first.value(), new Event.LogChunk(first, STAGE, 0, false, "old\n"));
      var last = new BuildId("last");
      another.publish(Topic.BUILDS, "last", new Event.BuildRequested(last, build()));
      awaitState(last, "waiting");

      // then
      assertThat(get("/v1/builds/" + first).statusCode()).isEqualTo(404);
      closeApi();
    }
  }

  @Test
  void theOldestThatHasEndedIsForgottenFirst() throws Exception {
    // given
    var first = submitted();
    publish(Topic.EVENTS, new Event.BuildSucceeded(first, DIGEST, 5));
    awaitState(first, "succeeded");
    var running = submitted();

    // when
    var last = submitted();
    publish(Topic.EVENTS, new Event.BuildCancelled(last, "enough"));
    awaitState(last, "cancelled");

    // then
    assertThat(get("/v1/builds").body())
        .contains(running.value())
        .contains(last.value())
        .doesNotContain(first.value());
    assertThat(get("/v1/builds/" + first).statusCode()).isEqualTo(404);
  }
}
