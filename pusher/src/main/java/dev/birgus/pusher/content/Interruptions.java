package dev.birgus.pusher.content;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;

/** Tells input and output that was ended by an interrupt from that which failed. */
public final class Interruptions {

  private Interruptions() {}

  /**
   * Throws, and clears the thread's mark, if the thread was interrupted.
   *
   * @param broken how the input or output ended
   */
  public static void rethrow(IOException broken) throws InterruptedException {
    // A time-out of a socket is a subclass that has nothing to do with interrupts.
    var says =
        broken instanceof ClosedByInterruptException
            || broken.getClass().equals(InterruptedIOException.class);
    if (Thread.interrupted() || says) {
      var interruption = new InterruptedException("interrupted: " + broken.getMessage());
      interruption.initCause(broken);
      throw interruption;
    }
  }
}
