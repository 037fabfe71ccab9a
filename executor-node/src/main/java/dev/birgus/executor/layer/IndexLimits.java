package dev.birgus.executor.layer;

/**
 * How large a layer's index may be. A layer with more is unpacked.
 *
 * @param entries of the layer's tar
 * @param characters of all names, links and extended attributes together
 */
public record IndexLimits(int entries, long characters) {

  /** What takes about 100 MB while the index is made, and a quarter of it afterwards. */
  public static final IndexLimits DEFAULT = new IndexLimits(400_000, 48L << 20);

  public IndexLimits {
    if (entries < 1 || characters < 1) {
      throw new IllegalArgumentException("a limit below 1");
    }
  }
}
