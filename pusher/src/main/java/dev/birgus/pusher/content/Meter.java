package dev.birgus.pusher.content;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Event.TransferProgressed.Transfer;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;

/**
 * Counts the bytes of one transfer and reports them: five times a second at most, and when the last
 * one has moved.
 */
public final class Meter {

  private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(200);

  private final Transfer kind;
  private final String name;
  private final long total;
  private final Progress progress;
  private long done;
  private long reportedAt = System.nanoTime();

  /**
   * A meter for a transfer that has not begun.
   *
   * @param name of what moves
   * @param total bytes that will move
   */
  public Meter(Transfer kind, String name, long total, Progress progress) {
    this.kind = requireNonNull(kind, "kind");
    this.name = requireNonNull(name, "name");
    this.total = total;
    this.progress = requireNonNull(progress, "progress");
  }

  /** Bytes have moved. */
  public synchronized void moved(long count) {
    if (count > 0) {
      done += count;
      var now = System.nanoTime();
      if (done >= total || now - reportedAt >= INTERVAL) {
        reportedAt = now;
        progress.moved(kind, name, done, total);
      }
    }
  }

  /** The stream, with what is read from it counted. */
  public InputStream reading(InputStream base) {
    return new FilterInputStream(base) {
      @Override
      public int read() throws IOException {
        var value = super.read();
        moved(value < 0 ? 0 : 1);
        return value;
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        var count = super.read(buffer, offset, length);
        moved(count);
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
    };
  }

  /** The stream, with what is written to it counted. */
  public OutputStream writing(OutputStream base) {
    return new FilterOutputStream(base) {
      @Override
      public void write(int value) throws IOException {
        out.write(value);
        moved(1);
      }

      @Override
      public void write(byte[] buffer, int offset, int length) throws IOException {
        out.write(buffer, offset, length);
        moved(length);
      }
    };
  }
}
