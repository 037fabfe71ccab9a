package dev.birgus.ingest.api;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.doors.Routes;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.Metrics;
import dev.birgus.infra.service.Service;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The API of a server: takes builds in, knows what became of them, and lets clients watch. What it
 * knows it has read off the topics, so any number of servers know the same.
 */
public final class ApiService implements Service {

  private static final String NAME = "api";

  /** How long after its time limit the end of a build may come. */
  private static final Duration MARGIN = Duration.ofHours(1);

  private final ApiSettings settings;
  private final Supplier<Tokens> tokens;
  private final Contexts places;
  private final InstantSource clock;
  private final Metrics metrics;
  private final Journal journal;
  private final Intake intake = new Intake();
  private final List<EventBus.Subscription> subscriptions = new ArrayList<>();
  private volatile Routes routes = new Routes();
  private volatile Optional<BuildHistory> known = Optional.empty();

  /**
   * Where build contexts go.
   *
   * @param blobs of all services
   * @param notes a store of the servers of this API alone, that all of them see
   */
  public record Contexts(BlobStore blobs, BlobStore notes) {
    public Contexts {
      requireNonNull(blobs, "blobs");
      requireNonNull(notes, "notes");
    }
  }

  /**
   * An API that answers nothing before it is started.
   *
   * @param tokens asked for at each request, for they may change
   * @param places where contexts go
   */
  public ApiService(
      ApiSettings settings,
      Supplier<Tokens> tokens,
      Contexts places,
      InstantSource clock,
      Metrics metrics,
      Journal journal) {
    this.settings = requireNonNull(settings, "settings");
    this.tokens = requireNonNull(tokens, "tokens");
    this.places = requireNonNull(places, "places");
    this.clock = requireNonNull(clock, "clock");
    this.metrics = requireNonNull(metrics, "metrics");
    this.journal = requireNonNull(journal, "journal");
  }

  @Override
  public void start(EventBus bus) {
    BuildHistory history;
    try {
      var silence = settings.rules().timeLimit().plus(MARGIN);
      var limits = new BuildHistory.Limits(settings.mostBuilds(), settings.mostBytes(), silence);
      history = BuildHistory.open(settings.history(), limits, clock, journal);
    } catch (IOException failed) {
      throw Failure.of(
              "state-unusable",
              "cannot use the folder of builds " + settings.history() + ": " + failed.getMessage(),
              "Name a state folder that can be written to.")
          .toException(failed);
    }
    known = Optional.of(history);
    var barrier = new OutputBarrier(bus);
    for (var topic : BuildHistory.TOPICS) {
      var replay = bus.replay(topic, NAME, event -> take(history, barrier, topic, event));
      subscriptions.add(replay);
      var _ = replay.caughtUp().thenRun(() -> history.caughtUp(topic));
    }
    var admission = new Admission(settings.rules(), clock);
    var builds = new BuildsApi(bus, history, barrier, admission, metrics);
    var contexts =
        new ContextsApi(
            places.blobs(), new ContextNotes(places.notes()), settings.largestContext(), metrics);
    var doorkeeper = new Doorkeeper(tokens, metrics);
    routes =
        builds
            .routes(doorkeeper, intake, contexts, settings.watchers())
            .and(contexts.routes(doorkeeper, intake));
  }

  private static void take(BuildHistory history, OutputBarrier barrier, Topic topic, Event event) {
    switch (event) {
      case Event.OutputMarked marked -> barrier.take(marked);
      case Event.OfBuild ofBuild -> history.take(topic, ofBuild);
      case Event.NodeReported _ -> {
        // It is of no build.
      }
    }
  }

  /** What it answers, once it is started. */
  public Routes routes() {
    return routes;
  }

  /** Why it does not know of builds what others do; empty if it does. */
  @Override
  public Optional<String> trouble() {
    return known.isEmpty() ? Optional.of("not started yet") : known.get().problem();
  }

  /** Takes no builds and contexts; whoever watches goes on watching. */
  @Override
  public void drain(Duration grace) throws InterruptedException {
    intake.drain(grace);
  }

  @Override
  public void close() {
    known.ifPresent(BuildHistory::close);
    subscriptions.reversed().forEach(EventBus.Subscription::close);
    subscriptions.clear();
  }
}
