package dev.birgus.pusher.content;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Event.TransferProgressed.Transfer;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;

/**
 * Reports how much of a stream was read: five times a second at most, and when the last byte was.
 */
public final class MeteredInputStream extends FilterInputStream {

  private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(200);

  private final Transfer kind;
  private final String name;
  private final long total;
  private final Progress progress;
  private long done;
  private long reported = -1;
  private long reportedAt = System.nanoTime();

  /**
   * Meters a stream.
   *
   * @param total its length, in bytes
   */
  public MeteredInputStream(
      InputStream base, Transfer kind, String name, long total, Progress progress) {
    super(requireNonNull(base, "base"));
    this.kind = requireNonNull(kind, "kind");
    this.name = requireNonNull(name, "name");
    this.total = total;
    this.progress = requireNonNull(progress, "progress");
  }

  @Override
  public int read() throws IOException {
    var value = super.read();
    if (value >= 0) {
      moved(1);
    }
    return value;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    var count = super.read(buffer, offset, length);
    if (count > 0) {
      moved(count);
    }
    return count;
  }

  @Override
  public long skip(long count) throws IOException {
    var skipped = super.skip(count);
    moved(skipped);
    return skipped;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void moved(long count) {
    done += count;
    var now = System.nanoTime();
    if (done == total || now - reportedAt >= INTERVAL) {
      report(now);
    }
  }

  private void report(long now) {
    if (reported != done) {
      reported = done;
      reportedAt = now;
      progress.moved(kind, name, done, total);
    }
  }
}
