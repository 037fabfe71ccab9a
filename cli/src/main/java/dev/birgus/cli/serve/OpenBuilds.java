package dev.birgus.cli.serve;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.service.Service;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The builds of the cluster that have not ended, each from when this process heard of it first. One
 * whose end is not heard of is forgotten when its time is over.
 */
final class OpenBuilds implements Service {

  private static final String NAME = "open-builds";

  private final Duration longest;
  private final InstantSource clock;

  /** In the order they were heard of. */
  private final Map<BuildId, Instant> open = new LinkedHashMap<>();

  private List<EventBus.Subscription> subscriptions = List.of();

  /**
   * None yet.
   *
   * @param longest how long a build can take
   */
  OpenBuilds(Duration longest, InstantSource clock) {
    this.longest = longest;
    this.clock = clock;
  }

  @Override
  public void start(EventBus bus) {
    var made = new ArrayList<EventBus.Subscription>();
    made.add(bus.follow(Topic.BUILDS, NAME, this::take));
    made.add(bus.follow(Topic.EVENTS, NAME, this::take));
    subscriptions = List.copyOf(made);
  }

  synchronized void take(Event event) {
    switch (event) {
      case Event.BuildSucceeded ended -> open.remove(ended.build());
      case Event.BuildFailed ended -> open.remove(ended.build());
      case Event.BuildCancelled ended -> open.remove(ended.build());
      case Event.BuildRequested begun -> open.putIfAbsent(begun.build(), clock.instant());
      case Event.BuildPlanned begun -> open.putIfAbsent(begun.build(), clock.instant());
      case Event.StageStarted begun -> open.putIfAbsent(begun.build(), clock.instant());
      default -> {
        // The rest comes between those.
      }
    }
  }

  /** When the one that is open longest was heard of. */
  synchronized Optional<Instant> oldest() {
    var past = clock.instant().minus(longest);
    for (var each = open.values().iterator(); each.hasNext(); ) {
      var since = each.next();
      if (since.isAfter(past)) {
        return Optional.of(since);
      }
      each.remove();
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    subscriptions.forEach(EventBus.Subscription::close);
    subscriptions = List.of();
  }
}
