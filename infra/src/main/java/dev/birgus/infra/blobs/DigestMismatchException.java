package dev.birgus.infra.blobs;

import dev.birgus.infra.oci.Digest;
import java.io.IOException;

/** Bytes are not what their digest or size promised. */
public final class DigestMismatchException extends IOException {

  /** Another digest than promised. */
  public DigestMismatchException(Digest expected, Digest actual) {
    this(expected, actual, "");
  }

  /**
   * Another digest than promised.
   *
   * @param place where the bytes came from; empty if that says nothing
   */
  public DigestMismatchException(Digest expected, Digest actual, String place) {
    super("expected content with digest " + expected + from(place) + " but got " + actual);
  }

  /** Another length than promised; the actual one may be cut at the first byte too many. */
  public DigestMismatchException(Digest expected, long expectedSize, long actualSize) {
    this(expected, expectedSize, actualSize, "");
  }

  /**
   * Another length than promised; the actual one may be cut at the first byte too many.
   *
   * @param place where the bytes came from; empty if that says nothing
   */
  public DigestMismatchException(
      Digest expected, long expectedSize, long actualSize, String place) {
    super(
        "expected "
            + expectedSize
            + " bytes for "
            + expected
            + from(place)
            + " but got "
            + (actualSize > expectedSize ? "more" : String.valueOf(actualSize)));
  }

  private static String from(String place) {
    return place.isEmpty() ? "" : " from " + place;
  }
}
