package dev.birgus.cli.remote;

import static java.util.Objects.requireNonNull;

import dev.birgus.cli.flags.RemoteAccess;
import dev.birgus.cli.progress.Ending;
import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import java.io.IOException;
import java.util.Optional;

/** Shows a build of a server that somebody else may have submitted. */
public final class RemoteLogs implements AutoCloseable {

  private final RemoteServer server;
  private final EventBus bus;
  private final Journal journal;

  /** What is shown is published on this bus. */
  public RemoteLogs(RemoteAccess access, EventBus bus, Journal journal) {
    this.server = new RemoteServer(access);
    this.bus = requireNonNull(bus, "bus");
    this.journal = requireNonNull(journal, "journal");
  }

  /**
   * Shows a build.
   *
   * @param follow whether to stay until its end
   * @return how it ended, if it has
   * @throws FailureException if there is no such build, or the server is lost
   */
  public Optional<Ending> show(String build, boolean follow) {
    var feed = new EventFeed(server, build, this::publish, journal);
    try {
      var end = follow ? Optional.of(feed.follow()) : feed.read();
      end.ifPresent(event -> publish(Topic.EVENTS, event));
      return end.map(RemoteBuild::ending);
    } catch (IOException unreachable) {
      throw server.unreachable(unreachable);
    } catch (InterruptedException cancelled) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private void publish(Topic topic, Event event) {
    bus.publish(topic, event.subject(), event);
  }

  @Override
  public void close() {
    server.close();
  }
}
