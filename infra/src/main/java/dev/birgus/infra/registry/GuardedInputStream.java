package dev.birgus.infra.registry;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;
import java.time.Duration;

/**
 * Fails a read that waits too long for its next byte. A reader that takes its time between reads
 * does no harm.
 */
final class GuardedInputStream extends FilterInputStream {

  private static final long IDLE = Long.MAX_VALUE;

  private final long limit;
  private final Thread guard;
  private volatile long waitingSince = IDLE;
  private volatile boolean stalled;

  GuardedInputStream(InputStream source, Duration limit) {
    super(source);
    this.limit = limit.toNanos();
    this.guard = Thread.ofVirtual().name("registry-stall-guard").start(this::watch);
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(Duration.ofNanos(limit / 4));
        var since = waitingSince;
        if (since != IDLE && System.nanoTime() - since > limit) {
          stalled = true;
          super.close();
          return;
        }
      }
    } catch (InterruptedException | IOException _) {
      // Closed: there is nothing left to guard.
    }
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    waitingSince = System.nanoTime();
    try {
      var n = in.read(buffer, offset, length);
      if (n < 0) {
        guard.interrupt();
      }
      return n;
    } catch (IOException broken) {
      if (stalled) {
        var timeout =
            new HttpTimeoutException("no data for " + Duration.ofNanos(limit).toSeconds() + " s");
        timeout.initCause(broken);
        throw timeout;
      }
      throw broken;
    } finally {
      waitingSince = IDLE;
    }
  }

  @Override
  public void close() throws IOException {
    guard.interrupt();
    super.close();
  }
}
