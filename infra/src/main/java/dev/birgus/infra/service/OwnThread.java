package dev.birgus.infra.service;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Work a handler of events does on a thread of its own. */
public final class OwnThread {

  private OwnThread() {}

  /**
   * Returns when the work has ended, whatever happens. A bus that is being closed interrupts its
   * handlers and waits for them: the interrupt is passed on to the thread, and is the caller's
   * again in the end. What the work throws is thrown here, so that the bus knows of it.
   *
   * @param threads what makes the thread
   */
  public static void run(Thread.Builder threads, Runnable work) {
    var thrown = new AtomicReference<@Nullable Throwable>();
    var thread =
        threads.start(() -> {
          try {
            work.run();
          } catch (RuntimeException | Error failed) {
            thrown.set(failed);
          }
        });
    await(thread);
    var failed = thrown.get();
    if (failed instanceof RuntimeException failure) {
      throw failure;
    }
    if (failed instanceof Error lost) {
      throw lost;
    }
  }

  private static void await(Thread thread) {
    var interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException closing) {
        interrupted = true;
        thread.interrupt();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
