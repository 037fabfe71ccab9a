package dev.birgus.pusher.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.BuildId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class UploadSlotsTest {

  private static final String HOST = "host:1";
  private static final BuildId LARGE = new BuildId("large");
  private static final BuildId SMALL = new BuildId("small");

  private final UploadSlots slots = new UploadSlots(1);
  private final List<String> granted = new CopyOnWriteArrayList<>();

  /** A thread that waits for a slot, notes that it has got it, and gives it back. */
  private Thread waiting(BuildId build) {
    var thread =
        Thread.ofVirtual()
            .start(() -> {
              try (var _ = slots.take(HOST, build)) {
                granted.add(build.value());
              } catch (InterruptedException ended) {
                granted.add("none");
              }
            });
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return thread;
  }

  @Test
  void buildsTakeTurnsHoweverManyBlobsEachHas() throws Exception {
    // given
    var threads = new ArrayList<Thread>();
    try (var _ = slots.take(HOST, LARGE)) {
      for (var build : List.of(LARGE, LARGE, LARGE, SMALL, SMALL)) {
        threads.add(waiting(build));
      }
    }

    // when
    for (var thread : threads) {
      thread.join();
    }

    // then
    assertThat(granted).containsExactly("large", "small", "large", "small", "large");
  }

  @Test
  void whoIsInterruptedLeavesTheQueueToTheOthers() throws Exception {
    Thread first;
    Thread second;
    try (var _ = slots.take(HOST, LARGE)) {
      first = waiting(LARGE);
      second = waiting(SMALL);
      first.interrupt();
      first.join();
    }
    second.join();

    assertThat(granted).containsExactly("none", "small");
  }

  @Test
  void registriesDoNotWaitForEachOther() throws Exception {
    try (var _ = slots.take(HOST, LARGE);
        var _ = slots.take("host:2", LARGE)) {
      assertThat(granted).isEmpty();
    }
  }

  @Test
  void noSlotIsLostOrGivenTwiceWhoeverIsInterrupted() throws Exception {
    // given
    var some = new UploadSlots(3);
    var held = new AtomicInteger();
    var most = new AtomicInteger();
    var threads = new ArrayList<Thread>();
    for (var i = 0; i < 200; i++) {
      var build = new BuildId("b" + i % 7);
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                try (var _ = some.take(HOST, build)) {
                  most.accumulateAndGet(held.incrementAndGet(), Math::max);
                  LockSupport.parkNanos(1);
                  held.decrementAndGet();
                } catch (InterruptedException ended) {
                  Thread.currentThread().interrupt();
                }
              }));
    }

    // when
    var random = new Random(1);
    for (var i = 0; i < 60; i++) {
      threads.get(random.nextInt(threads.size())).interrupt();
    }
    for (var thread : threads) {
      thread.join();
    }

    // then
    assertThat(most.get()).isBetween(1, 3);
    try (var _ = some.take(HOST, LARGE);
        var _ = some.take(HOST, LARGE);
        var _ = some.take(HOST, LARGE)) {
      assertThat(held.get()).isZero();
    }
  }
}
