package dev.birgus.infra.blobs;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A stream from far away that gives up on a sender who never stops sending, and never gets anywhere
 * either: timeouts of reads do not see that.
 */
public final class PacedInputStream extends BulkInputStream {

  private final InputStream source;
  private final Pace pace;
  private final LongSupplier nanos;
  private long begun;
  private long seen;

  /**
   * How slow a sender may be.
   *
   * @param bytes that have to come in each window, at least 1
   * @param window longer than zero
   */
  public record Pace(long bytes, Duration window) {

    /** 16 KiB a second, over half a minute. */
    public static final Pace SLOWEST = new Pace(480L << 10, Duration.ofSeconds(30));

    public Pace {
      if (bytes < 1 || window.isNegative() || window.isZero()) {
        throw new IllegalArgumentException("a pace of " + bytes + " bytes in " + window);
      }
    }
  }

  /**
   * Watches a stream; closing this closes it.
   *
   * @param nanos a clock that does not go backwards, in nanoseconds
   */
  public PacedInputStream(InputStream source, Pace pace, LongSupplier nanos) {
    this.source = requireNonNull(source, "source");
    this.pace = requireNonNull(pace, "pace");
    this.nanos = requireNonNull(nanos, "nanos");
    this.begun = nanos.getAsLong();
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    var count = source.read(bytes, offset, length);
    seen += Math.max(count, 0);
    var now = nanos.getAsLong();
    if (now - begun >= pace.window().toNanos()) {
      if (count >= 0 && seen < pace.bytes()) {
        throw new SocketTimeoutException(
            "only " + seen + " bytes came in " + pace.window().toSeconds() + " seconds");
      }
      begun = now;
      seen = 0;
    }
    return count;
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
