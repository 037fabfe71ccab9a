package dev.birgus.infra.registry;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/**
 * Ends uploads that were begun and are not wanted any more, so that registries need not keep what
 * they got of them. It is a courtesy: it takes no longer than a few seconds, and may fail.
 */
final class AbandonedUpload {

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration BREAKING_OFF = Duration.ofMillis(200);

  private AbandonedUpload() {}

  /**
   * Deletes an upload. Works on a thread that was interrupted, and leaves it so.
   *
   * @param begun the call that began it
   * @param place where the registry has it
   */
  static void delete(RegistrySession session, Call begun, URI place) {
    var interrupted = Thread.interrupted();
    var request = begun.as("DELETE").at(place).sending(new Call.Body.None());
    var deletion = Thread.ofVirtual().start(() -> send(session, request));
    var end = System.nanoTime() + PATIENCE.toNanos();
    // Who ends a build may say so more than once.
    while (deletion.isAlive() && System.nanoTime() < end) {
      try {
        deletion.join(Duration.ofNanos(end - System.nanoTime()));
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    deletion.interrupt();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(RegistrySession session, Call request) {
    try {
      // What we have just broken off must have reached the registry: it would begin anew what is
      // deleted under its hands.
      Thread.sleep(BREAKING_OFF);
      session.send(request).close();
    } catch (IOException | InterruptedException _) {
      // A registry we cannot reach, or that cannot delete uploads, forgets them by itself.
      Thread.currentThread().interrupt();
    }
  }
}
