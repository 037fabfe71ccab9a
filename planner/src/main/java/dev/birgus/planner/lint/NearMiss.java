package dev.birgus.planner.lint;

import dev.birgus.planner.instruct.Suggestion;
import java.util.Collection;
import java.util.Optional;

/** Finds the variables somebody probably meant. It gives up after many, so it never takes long. */
final class NearMiss {

  private static final int LONGEST = 64;
  private static final int MOST = 500;

  private int left = MOST;

  /** The nearest of these names. None is looked for among hundreds, or for a whole sentence. */
  Optional<String> of(String name, Collection<String> names) {
    if (name.length() > LONGEST || names.size() > MOST || left == 0) {
      return Optional.empty();
    }
    left--;
    return Suggestion.nearest(name, names.stream().sorted().toList());
  }

  /** A question to put behind a message, or nothing. */
  static String question(Optional<String> near) {
    return near.map(name -> " (did you mean $" + name + "?)").orElse("");
  }
}
