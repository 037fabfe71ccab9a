package dev.birgus.cli.serve;

import dev.birgus.infra.bus.BusWatch;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import dev.birgus.infra.observe.Meter;
import dev.birgus.infra.observe.Metrics;
import java.util.Map;
import java.util.Optional;

/**
 * Counts what a bus has to tell. It logs that itself, but for handlers that fail. A part that has
 * stopped makes the process not ready.
 */
final class ServerWatch implements BusWatch {

  private final Metrics metrics;
  private final Journal journal;
  private volatile Optional<String> stopped = Optional.empty();

  ServerWatch(Metrics metrics, Journal journal) {
    this.metrics = metrics;
    this.journal = journal;
  }

  /** What of the bus has stopped. */
  Optional<String> problem() {
    return stopped;
  }

  @Override
  public void handlerFailed(Optional<Event> event, Throwable failure) {
    var name = event.map(each -> each.getClass().getSimpleName()).orElse("none");
    metrics.count(Meter.HANDLERS_FAILED, name);
    journal.log(
        Journal.Level.ERROR,
        "an event handler failed",
        Map.of(
            LogKeys.BUILD,
            event.map(Event::subject).orElse(""),
            LogKeys.EVENT,
            name,
            LogKeys.ERROR,
            failure.toString()));
  }

  @Override
  public void stopped(String part, Throwable why) {
    stopped = Optional.of(part + " has stopped: " + why.getMessage());
  }

  @Override
  public void typeUnknown(String type) {
    metrics.count(Meter.EVENTS_SKIPPED);
  }

  @Override
  public void leaseLost(String topic) {
    metrics.count(Meter.LEASES_LOST, topic);
  }

  @Override
  public void unreadable(String topic) {
    metrics.count(Meter.EVENTS_UNREADABLE, topic);
  }

  @Override
  public void deliveredAgain(String topic) {
    metrics.count(Meter.JOBS_AGAIN, topic);
  }

  @Override
  public void notSent(String topic) {
    metrics.count(Meter.EVENTS_NOT_SENT, topic);
  }

  @Override
  public void placeLost(String topic) {
    metrics.count(Meter.PLACES_LOST, topic);
  }

  @Override
  public void begunAnew(String processor, Throwable why) {
    metrics.count(Meter.PROCESSORS_ANEW, processor);
  }
}
