package dev.birgus.planner.instruct;

import java.util.Collection;
import java.util.Optional;

/** Finds what somebody probably meant to write. */
public final class Suggestion {

  private Suggestion() {}

  /** "Did you mean …?" with the nearest of these names, or otherwise the text given. */
  public static String orElse(String written, Collection<String> names, String otherwise) {
    return nearest(written, names).map(name -> "did you mean " + name + "?").orElse(otherwise);
  }

  /**
   * The nearest of these names, if fewer than half of the letters, and at most two in all, are
   * missing, too many, wrong or swapped.
   */
  public static Optional<String> nearest(String written, Collection<String> names) {
    var best = Optional.<String>empty();
    var bestDistance = 3;
    for (var name : names) {
      if (Math.abs(name.length() - written.length()) < bestDistance) {
        var distance = distance(written, name);
        if (distance < bestDistance && distance * 2 < name.length()) {
          best = Optional.of(name);
          bestDistance = distance;
        }
      }
    }
    return best;
  }

  /** Letters to add, drop, change or swap with their neighbour to make one the other. */
  static int distance(String from, String to) {
    var beforeLast = new int[to.length() + 1];
    var last = new int[to.length() + 1];
    for (var j = 0; j <= to.length(); j++) {
      last[j] = j;
    }
    for (var i = 1; i <= from.length(); i++) {
      var current = new int[to.length() + 1];
      current[0] = i;
      for (var j = 1; j <= to.length(); j++) {
        var same = from.charAt(i - 1) == to.charAt(j - 1);
        var cost = Math.min(Math.min(last[j], current[j - 1]) + 1, last[j - 1] + (same ? 0 : 1));
        var swapped =
            i > 1
                && j > 1
                && from.charAt(i - 1) == to.charAt(j - 2)
                && from.charAt(i - 2) == to.charAt(j - 1);
        current[j] = swapped ? Math.min(cost, beforeLast[j - 2] + 1) : cost;
      }
      beforeLast = last;
      last = current;
    }
    return last[to.length()];
  }
}
