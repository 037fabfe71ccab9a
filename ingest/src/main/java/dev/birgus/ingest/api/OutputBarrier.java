package dev.birgus.ingest.api;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Topic;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Waits until what steps have printed has arrived. Events and output come on topics of their own: a
 * mark is sent after the output that is on its way, and when it comes back the output has come too.
 * All who watch a build wait for the same mark.
 */
final class OutputBarrier {

  private static final long PATIENCE_SECONDS = 2;

  private final EventBus bus;

  /** What the marks of this server begin with. */
  private final String name = UUID.randomUUID().toString().substring(0, 8) + "-";

  private final Map<BuildId, Flight> latest = new HashMap<>();
  private final Map<String, Flight> flights = new HashMap<>();
  private long sent;

  /**
   * A mark on its way.
   *
   * @param position of the build's file, up to which nothing it printed will come when this has
   */
  private record Flight(String mark, BuildLog log, long position, CountDownLatch arrived) {}

  OutputBarrier(EventBus bus) {
    this.bus = bus;
  }

  /** A mark has come, of this server or another one. */
  void take(Event.OutputMarked marked) {
    Optional<Flight> flight;
    synchronized (this) {
      flight = Optional.ofNullable(flights.get(marked.mark()));
      flight.ifPresent(each -> each.log().settle(each.position()));
      forget(marked.mark());
    }
    flight.ifPresent(each -> each.arrived().countDown());
  }

  private synchronized void forget(String mark) {
    var flight = flights.remove(mark);
    if (flight != null) {
      latest.remove(flight.log().build(), flight);
    }
  }

  /**
   * Returns when the output has come that was printed before the event that ends at this position
   * of the build's file, or after a short while.
   */
  void await(BuildLog log, long position) throws InterruptedException {
    Optional<Flight> joined;
    Flight flight;
    synchronized (this) {
      if (log.settled() >= position) {
        return;
      }
      joined =
          Optional.ofNullable(latest.get(log.build()))
              .filter(before -> before.position() >= position);
      flight = joined.orElseGet(() -> begun(log));
    }
    if (joined.isPresent()) {
      var _ = flight.arrived().await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } else {
      send(flight);
    }
  }

  private synchronized Flight begun(BuildLog log) {
    var flight = new Flight(name + ++sent, log, log.end(), new CountDownLatch(1));
    latest.put(log.build(), flight);
    flights.put(flight.mark(), flight);
    return flight;
  }

  private void send(Flight flight) throws InterruptedException {
    var build = flight.log().build();
    try {
      bus.publish(Topic.LOGS, build.value(), new Event.OutputMarked(build, flight.mark()));
      var _ = flight.arrived().await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } finally {
      forget(flight.mark());
    }
  }
}
