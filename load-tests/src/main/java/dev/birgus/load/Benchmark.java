package dev.birgus.load;

import java.io.IOException;
import java.util.List;

/**
 * Comparisons that need the same things made first. Their files are in a folder of that letter.
 *
 * @param letter by which it is asked for
 * @param preparation makes what is needed
 * @param comparisons the rows of the table
 */
record Benchmark(String letter, Preparation preparation, List<Comparison> comparisons) {

  Benchmark {
    comparisons = List.copyOf(comparisons);
  }

  /** Makes files, images and what else is needed. */
  interface Preparation {
    /** Makes it. */
    void make() throws IOException, InterruptedException;
  }
}
