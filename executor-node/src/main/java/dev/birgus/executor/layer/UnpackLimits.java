package dev.birgus.executor.layer;

/**
 * What a foreign layer may ask of the node that unpacks it.
 *
 * @param entries how many entries
 * @param depth how many directories deep a path may go
 * @param extendedHeader bytes one extended tar header may have
 * @param bytes how large the tar may be when it is decompressed
 */
public record UnpackLimits(long entries, int depth, int extendedHeader, long bytes) {

  /** Far above what images have, far below what fills a node's memory. */
  public static final UnpackLimits DEFAULT = new UnpackLimits(10_000_000, 1_000, 1 << 20, 1L << 40);

  public UnpackLimits {
    if (entries < 1 || depth < 1 || extendedHeader < 1 || bytes < 1) {
      throw new IllegalArgumentException("a limit below 1");
    }
  }
}
