package dev.birgus.infra.bus.kafka;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.bus.Processing;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.json.JsonSyntaxException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * This process's member of the group of a processor, on a thread of its own. Whatever goes wrong
 * between it and the brokers, it gives up what is not certain and begins anew with what is; unless
 * another process of its name has taken its place, or it could not read what is there: then it has
 * stopped for good.
 *
 * @param <S> the records of the table
 */
final class ProcessMember<S> implements EventBus.Subscription {

  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final ProcessSession.Site<S> site;
  private final Thread thread;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile Optional<ProcessSession<S>> session = Optional.empty();

  ProcessMember(ProcessSession.Site<S> site) {
    this.site = site;
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name("bus-process-" + site.processing().name())
            .unstarted(this::run);
  }

  /** A member, at work. */
  static <S> ProcessMember<S> start(
      Processing<S> processing, KafkaClients clients, Cluster cluster, Handling handling) {
    var member =
        new ProcessMember<>(
            new ProcessSession.Site<>(processing, clients, cluster, handling, new Refusals()));
    member.thread.start();
    return member;
  }

  private void run() {
    var denials = site.handling().denials();
    var pause = SHORTEST_PAUSE;
    while (!isEnded()) {
      try {
        var current = ProcessSession.of(site);
        session = Optional.of(current);
        // Who ends it says so before looking for the session, and the session asks before it waits.
        current.run(this::isEnded);
      } catch (WakeupException _) {
        // That is how it is told to end.
      } catch (KafkaException
          | FailureException
          | IllegalStateException
          | JsonSyntaxException bad) {
        if (isOver(bad, denials)) {
          return;
        }
        site.handling().begunAnew(site.processing().name(), bad);
        pause =
            session.filter(ProcessSession::hasAchieved).isPresent()
                ? SHORTEST_PAUSE
                : longer(pause);
        await(denials.pause(bad, pause));
      } catch (RuntimeException | Error bug) {
        site.handling().stopped(thread.getName(), bug);
        return;
      }
      session = Optional.empty();
    }
  }

  private boolean isOver(RuntimeException failed, Denials denials) {
    if (isEnded()) {
      return true;
    }
    if (denials.areOver(failed)
        || site.refusals().isHopeless()
        || session.filter(ProcessSession::isReplaced).isPresent()) {
      site.handling().stopped(thread.getName(), failed);
      return true;
    }
    return false;
  }

  private static Duration longer(Duration pause) {
    var twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
  }

  private void await(Duration pause) {
    try {
      var _ = ended.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      // Who interrupts it has said before that it is to end.
    }
  }

  private boolean isEnded() {
    return ended.getCount() == 0;
  }

  /** Ends a handler that runs. */
  void interrupt() {
    ended.countDown();
    thread.interrupt();
  }

  @Override
  public void close() {
    ended.countDown();
    if (Thread.currentThread() == thread) {
      return;
    }
    session.ifPresent(ProcessSession::wakeup);
    var interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
