package dev.birgus.infra.testkit;

import dev.birgus.infra.bus.Job;
import dev.birgus.infra.contracts.Event;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A job whose lease a test can end, and which says whether it was given back. */
public final class HeldJob implements Job {

  private final Event event;
  private final int delivery;
  private final CountDownLatch givenBack = new CountDownLatch(1);
  private final AtomicInteger unanswered = new AtomicInteger();
  private volatile boolean lost;

  /** A job that is given to a worker for the nth time. */
  public HeldJob(Event event, int delivery) {
    this.event = event;
    this.delivery = delivery;
  }

  /** From now on another worker has it. */
  public HeldJob lost() {
    lost = true;
    return this;
  }

  /** The next question whose it is gets no answer in time, which is taken for a no. */
  public HeldJob unanswered() {
    unanswered.incrementAndGet();
    return this;
  }

  /** Whether the worker has given it back. */
  public boolean isGivenBack() {
    return givenBack.getCount() == 0;
  }

  @Override
  public Event event() {
    return event;
  }

  @Override
  public int delivery() {
    return delivery;
  }

  @Override
  public boolean stillMine() {
    return !lost && unanswered.getAndUpdate(left -> Math.max(0, left - 1)) == 0;
  }

  @Override
  public void giveBack() {
    givenBack.countDown();
  }
}
