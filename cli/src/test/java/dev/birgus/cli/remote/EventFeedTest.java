package dev.birgus.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.cli.flags.RemoteAccess;
import dev.birgus.infra.codec.EventCodec;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.doors.DoorSettings;
import dev.birgus.infra.doors.Endpoint;
import dev.birgus.infra.doors.Exchange;
import dev.birgus.infra.doors.HttpDoors;
import dev.birgus.infra.doors.RefusedRequest;
import dev.birgus.infra.doors.Routes;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonText;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A feed over real sockets, of a server that answers as it was told to. */
@Timeout(60)
class EventFeedTest {

  private static final BuildId BUILD = new BuildId("b-1");
  private static final Event STARTED =
      new Event.StepStarted(BUILD, new StageId(Digest.sha256(new byte[0])), 0);
  private static final Event ENDED = new Event.BuildCancelled(BUILD, "enough");

  private final Deque<Endpoint> answers = new ArrayDeque<>();
  private final List<Event> read = new CopyOnWriteArrayList<>();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final Journal journal = (_, message, _) -> told.add(message);
  private final HttpDoors doors = new HttpDoors(Journal.silent());
  private final int port =
      doors.open(
          "api",
          new DoorSettings("127.0.0.1", 0),
          new Routes().on("GET", "/v1/builds/{id}/events", this::answer));
  private final RemoteServer server =
      new RemoteServer(
          new RemoteAccess("http://127.0.0.1:" + port, Optional.empty(), Optional.empty()));
  private final EventFeed feed =
      new EventFeed(server, BUILD.value(), (_, event) -> read.add(event), journal);

  @AfterEach
  void close() {
    server.close();
    doors.close();
  }

  private void answer(Exchange exchange) throws IOException, InterruptedException {
    Endpoint next;
    synchronized (answers) {
      next = answers.removeFirst();
    }
    next.serve(exchange);
  }

  private static Endpoint sends(String text) {
    return exchange -> {
      try (var out = exchange.stream(200, "application/x-ndjson")) {
        out.write(text.getBytes(StandardCharsets.UTF_8));
      }
    };
  }

  /** The connection is closed in the middle of the answer. */
  private static Endpoint breaks(String text) {
    return exchange -> {
      exchange.stream(200, "application/x-ndjson").write(text.getBytes(StandardCharsets.UTF_8));
      throw new IOException("the test breaks off");
    };
  }

  private static Endpoint doesNotKnow() {
    return _ -> {
      throw new RefusedRequest(404, Failure.of("no-such-build", "no build b-1 here", ""));
    };
  }

  private static String line(Event event) {
    var encoded = new EventCodec().encode(event);
    return JsonText.text(
            Json.Obj.EMPTY
                .with("topic", Json.of(Topic.EVENTS.topicName()))
                .with("type", Json.of(encoded.type()))
                .with("data", encoded.json()))
        + "\n";
  }

  @Test
  void aStreamThatEndsBeforeTheBuildIsALostConnection() throws Exception {
    // given
    answers.add(sends(line(STARTED)));
    answers.add(breaks(""));
    answers.add(sends(line(ENDED)));

    // then
    assertThat(feed.follow()).isEqualTo(ENDED);
    assertThat(read).containsExactly(STARTED);
    assertThat(told).containsExactly("the connection to the server is lost, and made again");
  }

  @Test
  void whatWasCutOffIsNotTakenForAll() {
    // given
    answers.add(breaks(line(STARTED)));

    // then
    assertThatThrownBy(feed::read).isInstanceOf(IOException.class);
  }

  @Test
  void aBuildThatWasJustSubmittedMayNotBeKnownYet() throws Exception {
    // given
    answers.add(doesNotKnow());
    answers.add(sends(line(ENDED)));

    // then
    assertThat(feed.ofSubmitted().follow()).isEqualTo(ENDED);
  }

  @Test
  void aBuildThatNobodyKnowsIsToldAtOnce() {
    // given
    answers.add(doesNotKnow());

    // then
    assertThatThrownBy(feed::follow)
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("no build b-1");
  }
}
