package dev.birgus.infra.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Event.BuildCancelRequested;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Events that have a number, and how they are waited for. */
final class NumberedEvents {

  private NumberedEvents() {}

  static Event event(String build, int number) {
    return new BuildCancelRequested(new BuildId(build), Integer.toString(number));
  }

  static int number(Event event) {
    return Integer.parseInt(((BuildCancelRequested) event).reason());
  }

  static Event next(LinkedBlockingQueue<Event> queue) {
    try {
      var event = queue.poll(30, TimeUnit.SECONDS);
      if (event == null) {
        throw new AssertionError("no event came");
      }
      return event;
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  static void await(Future<?> outcome) {
    try {
      outcome.get(30, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException failed) {
      throw new AssertionError(failed);
    }
  }

  static String next(LinkedBlockingQueue<String> done, String unwanted) {
    try {
      var next = done.poll(30, TimeUnit.SECONDS);
      return unwanted.equals(next) ? next(done, unwanted) : String.valueOf(next);
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }
}
