package dev.birgus.load;

import java.util.ArrayList;
import java.util.Locale;

/**
 * One thing done by both, in turns.
 *
 * @param name of the row in the table
 * @param rounds how often each runs, at least 1
 * @param before run before every measured command, of either side
 * @param birgus the command of our side
 * @param peer the command that does the same with buildah
 */
record Comparison(String name, int rounds, String before, String birgus, String peer) {

  /** Runs both sides once unmeasured, then in turns, and gives the row of the table. */
  String row(Shell shell) {
    shell.run(birgus);
    shell.run(peer);
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
        "| %s | %.2f | %.2f | **%.2f** | %.2f | %.2f | %.2f | %.0f | %.0f |",
        name,
        our.wall(),
        their.wall(),
        our.wall() / their.wall(),
        our.cpu(),
        their.cpu(),
        our.cpu() / their.cpu(),
        our.peak(),
        their.peak());
  }
}
