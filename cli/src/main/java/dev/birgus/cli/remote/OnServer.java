package dev.birgus.cli.remote;

import java.time.Duration;
import java.util.Optional;

/**
 * Whether a server has a build of ours, for a thread that may have to cancel it at any moment.
 * Threads share it.
 */
final class OnServer {

  /** How long the answer to a build that was sent is waited for before it is cancelled. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private boolean sending;
  private boolean taken;
  private Optional<String> running = Optional.empty();

  /** The build is about to be sent; false if it is not wanted any more. */
  synchronized boolean send() {
    sending = !taken;
    return sending;
  }

  /** It has been sent, or could not be. */
  synchronized void sent() {
    sending = false;
    notifyAll();
  }

  /** The server has taken it in, under this name. */
  synchronized void run(String build) {
    running = Optional.of(build);
  }

  /** It has come to its end. */
  synchronized void end() {
    running = Optional.empty();
  }

  /** The build that is to be cancelled, if there is one; nothing is sent from now on. */
  synchronized Optional<String> take() {
    taken = true;
    var until = System.nanoTime() + PATIENCE.toNanos();
    try {
      for (var left = PATIENCE.toMillis(); sending && left > 0; ) {
        wait(left);
        left = (until - System.nanoTime()) / 1_000_000;
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
    var build = running;
    running = Optional.empty();
    return build;
  }
}
