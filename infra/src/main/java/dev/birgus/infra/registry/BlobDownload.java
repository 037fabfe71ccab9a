package dev.birgus.infra.registry;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** A blob on its way in. Where the connection breaks, it goes on from the byte it broke at. */
final class BlobDownload extends InputStream {

  /** So many bytes more, and the attempts count from the start again. */
  private static final long PROGRESS = 1L << 20;

  /** Begins the blob at an offset. */
  interface Source {
    /** An answer with the bytes from the offset on, or from the first one. */
    Answer from(long offset) throws IOException;
  }

  private final Source source;
  private final RetryPolicy retries;
  private final RegistryFailures failures;
  private final String what;
  private @Nullable Answer answer;
  private long offset;
  private long brokenAt;
  private int attempt;

  BlobDownload(
      Answer first, Source source, RetryPolicy retries, RegistryFailures failures, String what) {
    this.answer = first;
    this.source = source;
    this.retries = retries;
    this.failures = failures;
    this.what = what;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int at, int length) throws IOException {
    while (true) {
      try {
        var n = connected().body().read(buffer, at, length);
        if (n > 0) {
          offset += n;
        }
        return n;
      } catch (IOException broken) {
        recover(broken);
      }
    }
  }

  private void recover(IOException broken) throws IOException {
    close();
    if (failures.network(what, broken) instanceof TransientFailure passing) {
      attempt = offset - brokenAt >= PROGRESS ? 1 : attempt + 1;
      brokenAt = offset;
      retries.pauseAfter(attempt, passing);
    } else {
      throw failures.network(what, broken);
    }
  }

  private Answer connected() throws IOException {
    var open = answer;
    if (open == null) {
      open = source.from(offset);
      answer = open;
      var begins = begin(open);
      if (begins > offset) {
        throw failures.nonsense(what, "it left out bytes of the blob", "");
      }
      open.body().skipNBytes(offset - begins);
    }
    return open;
  }

  /** The offset of the first byte of an answer: a registry need not know about ranges. */
  private static long begin(Answer answer) {
    if (answer.status() != 206) {
      return 0;
    }
    var range = answer.header("Content-Range").orElse("").strip();
    var dash = range.indexOf('-');
    if (!range.startsWith("bytes ") || dash < 0) {
      return Long.MAX_VALUE;
    }
    try {
      return Long.parseLong(range.substring("bytes ".length(), dash).strip());
    } catch (NumberFormatException _) {
      return Long.MAX_VALUE;
    }
  }

  @Override
  public void close() throws IOException {
    var open = answer;
    answer = null;
    if (open != null) {
      open.body().close();
    }
  }
}
