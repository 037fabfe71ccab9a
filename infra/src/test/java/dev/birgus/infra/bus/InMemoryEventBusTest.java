package dev.birgus.infra.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event.BuildCancelRequested;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.testkit.EventBusContract;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class InMemoryEventBusTest implements EventBusContract {

  private final AtomicInteger failures = new AtomicInteger();

  @Override
  public EventBus newBus() {
    return new InMemoryEventBus((_, _) -> failures.incrementAndGet(), 16);
  }

  @Override
  public int reportedFailures() {
    return failures.get();
  }

  @Test
  void whoPublishesWaitsWhileAQueueIsFull() throws Exception {
    try (var bus = newBus()) {
      // given a reader that stands still
      var release = new CountDownLatch(1);
      var read = new CountDownLatch(100);
      bus.subscribe(
          Topic.LOGS,
          "slow",
          _ -> {
            try {
              release.await();
            } catch (InterruptedException _) {
              Thread.currentThread().interrupt();
            }
            read.countDown();
          });
      var published = new AtomicInteger();

      // when
      var writer =
          Thread.ofVirtual()
              .start(() -> {
                for (var i = 0; i < 100; i++) {
                  bus.publish(Topic.LOGS, "b", new BuildCancelRequested(new BuildId("b"), ""));
                  published.incrementAndGet();
                }
              });
      while (writer.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }

      // then: the queue's 16 and the one in the handler's hands
      assertThat(published.get()).isBetween(16, 17);
      release.countDown();
      assertThat(read.await(30, TimeUnit.SECONDS)).isTrue();
      writer.join();
    }
  }

  @Test
  void aPublisherThatWaitsIsLetGoWhenTheBusCloses() throws Exception {
    var bus = newBus();
    bus.subscribe(
        Topic.LOGS,
        "stuck",
        _ -> {
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        });
    var writer =
        Thread.ofVirtual()
            .start(() -> {
              for (var i = 0; i < 100; i++) {
                bus.publish(Topic.LOGS, "b", new BuildCancelRequested(new BuildId("b"), ""));
              }
            });

    bus.close();

    writer.join();
    assertThat(writer.isAlive()).isFalse();
  }

  @Test
  void aHandlerMayCloseItsOwnSubscription() throws Exception {
    try (var bus = newBus()) {
      var closed = new CountDownLatch(1);
      var own = new java.util.concurrent.CompletableFuture<EventBus.Subscription>();
      own.complete(
          bus.subscribe(
              Topic.EVENTS,
              "once",
              _ -> {
                own.join().close();
                closed.countDown();
              }));

      bus.publish(Topic.EVENTS, "b", new BuildCancelRequested(new BuildId("b"), ""));

      assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }
}
