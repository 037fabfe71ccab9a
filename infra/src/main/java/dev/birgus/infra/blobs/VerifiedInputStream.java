package dev.birgus.infra.blobs;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A stream that gives its last bytes only when size and digest are what was promised. Content that
 * is cut, longer, or other than promised ends in a {@link DigestMismatchException}, never in an end
 * of stream; so a reader that takes exactly the promised number of bytes has verified ones.
 */
public final class VerifiedInputStream extends BulkInputStream {

  private final InputStream source;
  private final Digest digest;
  private final long size;
  private final String place;
  private final MessageDigest computation;
  private long seen;
  private boolean verified;
  private @Nullable IOException failure;

  /**
   * Verifies a stream; closing this closes it.
   *
   * @param size promised bytes, 0 or more
   */
  public VerifiedInputStream(InputStream source, Digest digest, long size) {
    this(source, digest, size, "");
  }

  /**
   * Verifies a stream; closing this closes it.
   *
   * @param size promised bytes, 0 or more
   * @param place where the bytes come from, for messages; empty if that says nothing
   */
  public VerifiedInputStream(InputStream source, Digest digest, long size, String place) {
    this.place = requireNonNull(place, "place");
    this.source = requireNonNull(source, "source");
    this.digest = requireNonNull(digest, "digest");
    this.size = size;
    this.computation = digest.newComputation();
    if (size < 0) {
      throw new IllegalArgumentException("negative size of " + digest);
    }
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    if (failure != null) {
      throw failure;
    }
    if (length == 0) {
      return 0;
    }
    if (seen == size) {
      verify();
      return -1;
    }
    var n = source.read(buffer, offset, (int) Math.min(length, size - seen));
    if (n < 0) {
      throw failed(new DigestMismatchException(digest, size, seen, place));
    }
    computation.update(buffer, offset, n);
    seen += n;
    if (seen == size) {
      verify();
    }
    return n;
  }

  @Override
  public int available() throws IOException {
    return (int) Math.min(source.available(), size - seen);
  }

  @Override
  public void close() throws IOException {
    source.close();
  }

  private void verify() throws IOException {
    if (verified) {
      return;
    }
    if (source.read() >= 0) {
      throw failed(new DigestMismatchException(digest, size, size + 1, place));
    }
    var actual = new Digest(digest.algorithm(), HexFormat.of().formatHex(computation.digest()));
    if (!actual.equals(digest)) {
      throw failed(new DigestMismatchException(digest, actual, place));
    }
    verified = true;
  }

  private IOException failed(IOException mismatch) {
    failure = mismatch;
    return mismatch;
  }
}
