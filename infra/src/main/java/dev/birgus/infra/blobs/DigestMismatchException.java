package dev.birgus.infra.blobs;

import dev.birgus.infra.oci.Digest;
import java.io.IOException;

/** Bytes are not what their digest or size promised. */
public final class DigestMismatchException extends IOException {

  /** Another digest than promised. */
  public DigestMismatchException(Digest expected, Digest actual) {
    super("expected content with digest " + expected + " but got " + actual);
  }

  /** Another length than promised; the actual one may be cut at the first byte too many. */
  public DigestMismatchException(Digest expected, long expectedSize, long actualSize) {
    super(
        "expected "
            + expectedSize
            + " bytes for "
            + expected
            + " but got "
            + (actualSize > expectedSize ? "more" : String.valueOf(actualSize)));
  }
}
