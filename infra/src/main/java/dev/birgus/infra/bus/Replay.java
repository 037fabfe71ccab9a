package dev.birgus.infra.bus;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CompletableFuture;

/** A delivery of what there was and of what comes, that tells when it is through with the first. */
public interface Replay extends EventBus.Subscription {

  /**
   * Done when the handler has returned from the last event there was when this began; cancelled if
   * it ends before. What depends on it may run on the thread that delivers, and must neither wait
   * nor close this.
   */
  CompletableFuture<Void> caughtUp();

  /** A delivery with what tells that it has caught up. */
  static Replay of(EventBus.Subscription delivery, CompletableFuture<Void> caughtUp) {
    requireNonNull(delivery, "delivery");
    // A copy: nobody but the bus can say that it is done.
    var told = caughtUp.copy();
    return new Replay() {
      @Override
      public CompletableFuture<Void> caughtUp() {
        return told;
      }

      @Override
      public void close() {
        delivery.close();
      }
    };
  }
}
