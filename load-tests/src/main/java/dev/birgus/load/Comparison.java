package dev.birgus.load;

import java.util.ArrayList;
import java.util.Locale;

/**
 * One thing done by both, in turns.
 *
 * @param name of the row in the table; it says who the peer is where that is not buildah
 * @param rounds how often each runs, at least 1
 * @param before run before every measured command, of either side
 * @param birgus our side
 * @param peer what does the same
 */
record Comparison(String name, int rounds, String before, Side birgus, Side peer) {

  /** A comparison of commands that are measured as a whole. */
  Comparison(String name, int rounds, String before, String birgus, String peer) {
    this(name, rounds, before, Side.of(birgus), Side.of(peer));
  }

  /** Runs both sides once unmeasured, then in turns, and gives the row of the table. */
  String row(Shell shell) {
    shell.run(before);
    shell.measure(birgus);
    shell.run(before);
    shell.measure(peer);
    var ours = new ArrayList<Sample>();
    var theirs = new ArrayList<Sample>();
    for (var round = 0; round < rounds; round++) {
      shell.run(before);
      ours.add(shell.measure(birgus));
      shell.run(before);
      theirs.add(shell.measure(peer));
    }
    var our = Sample.median(ours);
    var their = Sample.median(theirs);
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | **%.2f** | %s | %s | %.2f | %.0f | %.0f |",
        name,
        seconds(our.wall()),
        seconds(their.wall()),
        our.wall() / their.wall(),
        seconds(our.cpu()),
        seconds(their.cpu()),
        our.cpu() / their.cpu(),
        our.peak(),
        their.peak());
  }

  private static String seconds(double value) {
    return String.format(Locale.ROOT, value < 0.1 ? "%.4f" : "%.2f", value);
  }
}
