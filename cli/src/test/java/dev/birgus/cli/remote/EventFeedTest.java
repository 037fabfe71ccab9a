package dev.birgus.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.cli.flags.RemoteAccess;
import dev.birgus.infra.bus.InMemoryEventBus;
import dev.birgus.infra.contracts.AdmissionRules;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.doors.DoorSettings;
import dev.birgus.infra.doors.HttpDoors;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.Metrics;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.testkit.Fault;
import dev.birgus.infra.testkit.FaultProxy;
import dev.birgus.infra.testkit.InMemoryBlobStore;
import dev.birgus.ingest.api.ApiService;
import dev.birgus.ingest.api.ApiSettings;
import dev.birgus.ingest.api.Tokens;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A build that is followed over connections that break. */
class EventFeedTest {

  private static final String TOKEN = "0123456789abcdef";
  private static final BuildId BUILD = new BuildId("build");
  private static final StageId STAGE = new StageId(Digest.sha256(new byte[0]));
  private static final int LINES = 40;
  private static final String EVENTS = "GET /v1/builds/build/events";

  @TempDir private Path folder;

  private final InMemoryEventBus bus =
      new InMemoryEventBus((_, failure) -> failure.printStackTrace());
  private final HttpDoors doors = new HttpDoors(Journal.silent());
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final List<String> shown = new ArrayList<>();
  private @Nullable ApiService api;
  private @Nullable FaultProxy proxy;

  @BeforeEach
  void aServer() throws IOException {
    var made =
        new ApiService(
            new ApiSettings(
                folder.resolve("builds"),
                10,
                1000,
                new AdmissionRules(false, Set.of(), Set.of(), Duration.ofHours(1))),
            () -> Tokens.parse("submit " + TOKEN, "tokens"),
            new ApiService.Contexts(new InMemoryBlobStore(), new InMemoryBlobStore()),
            InstantSource.system(),
            Metrics.none(),
            Journal.silent());
    made.start(bus);
    api = made;
    var port = doors.open("api", new DoorSettings("127.0.0.1", 0), made.routes());
    proxy = new FaultProxy("127.0.0.1:" + port);
  }

  @AfterEach
  void close() throws IOException {
    proxy().close();
    doors.close();
    if (api != null) {
      api.close();
    }
    bus.close();
  }

  private FaultProxy proxy() {
    if (proxy == null) {
      throw new IllegalStateException("no proxy");
    }
    return proxy;
  }

  private void publish(Topic topic, Event event) {
    bus.publish(topic, BUILD.value(), event);
  }

  private void aBuildThatPrints() {
    publish(Topic.EVENTS, new Event.StepStarted(BUILD, STAGE, 0));
    for (var line = 0; line < LINES; line++) {
      publish(Topic.LOGS, new Event.LogChunk(BUILD, aStage(), 0, false, "line " + line + "\n"));
    }
    publish(Topic.EVENTS, new Event.StepFinished(BUILD, STAGE, 0, Duration.ofSeconds(1)));
    publish(Topic.EVENTS, new Event.BuildCancelled(BUILD, "enough"));
  }

  private static StageId aStage() {
    return new StageId(Digest.sha256(new byte[] {1}));
  }

  private Event follow() throws InterruptedException {
    var access = new RemoteAccess("http://" + proxy().host(), Optional.of(TOKEN), Optional.empty());
    try (var server = new RemoteServer(access)) {
      return new EventFeed(
              server,
              "build",
              (_, event) -> shown.add(line(event)),
              (level, message, _) -> told.add(level + " " + message))
          .ofKnown()
          .follow();
    }
  }

  private static String line(Event event) {
    return event instanceof Event.LogChunk chunk
        ? chunk.text().strip()
        : event.getClass().getSimpleName();
  }

  private List<String> expected() {
    var expected = new ArrayList<>(List.of("StepStarted"));
    IntStream.range(0, LINES).forEach(line -> expected.add("line " + line));
    expected.add("StepFinished");
    return expected;
  }

  @Test
  void linesComeOnceAndInOrderWhereverConnectionsBreak() throws Exception {
    // given
    aBuildThatPrints();
    proxy()
        .on(
            EVENTS,
            new Fault.CutAnswer(1),
            new Fault.CutAnswer(700),
            new Fault.CutAnswer(0),
            new Fault.CutAnswer(333),
            new Fault.LostAnswer(),
            new Fault.CutAnswer(2000),
            Fault.reply(502));

    // when
    var end = follow();

    // then
    assertThat(end).isEqualTo(new Event.BuildCancelled(BUILD, "enough"));
    assertThat(shown).containsExactlyInAnyOrderElementsOf(expected());
    assertThat(shown.stream().filter(each -> each.startsWith("line")))
        .containsExactlyElementsOf(expected().subList(1, LINES + 1));
    assertThat(told).anyMatch(each -> each.startsWith("WARN the connection to the server is lost"));
    assertThat(told.getLast()).isEqualTo("INFO the server is back; going on where it was");
  }

  @Test
  void aServerThatHasNotReadOfTheBuildYetIsAskedAgain() throws Exception {
    // given
    aBuildThatPrints();
    var unknown =
        "{\"error\":{\"name\":\"no-such-build\",\"message\":\"no such\",\"advice\":\"\"}}";
    proxy().on(EVENTS, Fault.replyWith(404, unknown), Fault.replyWith(404, unknown));

    // then
    assertThat(follow()).isInstanceOf(Event.BuildCancelled.class);
    assertThat(shown).hasSize(LINES + 2);
  }

  @Test
  void whatAServerRefusesIsNotAskedForAgain() {
    // given
    proxy().always(EVENTS, Fault.reply(401));

    // then
    assertThatThrownBy(this::follow)
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("does not know this token");
    assertThat(proxy().asked()).hasSize(1);
  }
}
