package dev.birgus.ingest.context;

/**
 * How much an archive may unpack to, so that a small file cannot fill a disk.
 *
 * @param entries most entries, at least 1
 * @param bytes most bytes of file content altogether, at least 1
 */
public record UnpackLimits(long entries, long bytes) {

  /** Five million entries and 256 GiB. */
  public static final UnpackLimits DEFAULT = new UnpackLimits(5_000_000, 256L << 30);

  public UnpackLimits {
    if (entries < 1 || bytes < 1) {
      throw new IllegalArgumentException("a limit must be at least 1");
    }
  }
}
