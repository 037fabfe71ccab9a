package dev.birgus.load;

import java.util.List;

/**
 * What one run of a command cost.
 *
 * @param wall seconds from start to end
 * @param cpu seconds of processor time, of the command and all its children
 * @param peak the largest resident set of any of its processes, in MiB
 */
record Sample(double wall, double cpu, double peak) {

  /** The sample of the median wall time. */
  static Sample median(List<Sample> samples) {
    var sorted = samples.stream().sorted((a, b) -> Double.compare(a.wall(), b.wall())).toList();
    return sorted.get(sorted.size() / 2);
  }
}
