package dev.birgus.infra.service;

/** Work a handler of events does on a thread of its own. */
public final class OwnThread {

  private OwnThread() {}

  /**
   * Returns when the thread has ended, whatever happens. A bus that is being closed interrupts its
   * handlers and waits for them: the interrupt is passed on to the thread, and is the caller's
   * again in the end.
   *
   * @param thread already started
   */
  public static void await(Thread thread) {
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
