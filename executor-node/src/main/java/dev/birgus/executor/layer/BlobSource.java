package dev.birgus.executor.layer;

import dev.birgus.infra.blobs.BulkInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * The compressed bytes on their way into a decompressor that must neither stop at the end of the
 * first gzip member nor swallow an error: the JDK's looks at {@code available} for the one, and
 * takes an error behind a member for its end.
 */
final class BlobSource extends BulkInputStream {

  private final InputStream in;
  private final LayerStore.Progress progress;
  private int held = -1;
  private boolean ended;
  private long count;
  private @Nullable IOException failure;

  BlobSource(InputStream in, LayerStore.Progress progress) {
    this.in = in;
    this.progress = progress;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (held >= 0) {
      bytes[offset] = (byte) held;
      held = -1;
      return 1;
    }
    rethrow();
    try {
      var read = in.read(bytes, offset, length);
      ended = read < 0;
      count += Math.max(0, read);
      progress.at(count);
      return read;
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  /** 0 at the end only. */
  @Override
  public int available() throws IOException {
    if (held < 0 && !ended) {
      held = read();
    }
    return held < 0 ? 0 : 1;
  }

  /** Reads to the end, so that a stream which verifies itself gets to its verdict. */
  void drain() throws IOException {
    rethrow();
    var rest = new byte[8192];
    int read;
    do {
      // What is behind the last gzip member is of no use.
      read = read(rest, 0, rest.length);
    } while (read >= 0);
  }

  /** Throws what went wrong earlier, whatever became of it since. */
  void rethrow() throws IOException {
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
