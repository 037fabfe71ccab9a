package dev.birgus.planner.lint;

import dev.birgus.infra.contracts.FailureException;
import dev.birgus.planner.expand.Scope;
import dev.birgus.planner.expand.Words;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Expands words, and remembers which variables they name. What cannot be expanded is left. */
final class Lookups implements Scope {

  /** Longer values are cut: the rules look at their beginnings, and text must not grow for them. */
  private static final int LONGEST = 4096;

  private final Map<String, String> values;
  private final char escape;
  private final Set<String> found = new LinkedHashSet<>();
  private final Set<String> missing = new LinkedHashSet<>();

  Lookups(Map<String, String> values, char escape) {
    this.values = values;
    this.escape = escape;
  }

  @Override
  public Optional<String> lookup(String name) {
    var value = values.get(name);
    (value == null ? missing : found).add(name);
    return Optional.ofNullable(value);
  }

  /** The word expanded; empty if it is malformed, which whoever builds will be told. */
  Optional<String> word(String word) {
    if (word.indexOf('$') < 0 && word.length() > LONGEST) {
      return Optional.of(cut(word));
    }
    try {
      return Optional.of(cut(Words.expand(word, this, escape)));
    } catch (FailureException malformed) {
      return Optional.empty();
    }
  }

  /** The words a word expands to; none if it is malformed. */
  List<String> words(String word) {
    try {
      return Words.expandToWords(word, this, escape);
    } catch (FailureException malformed) {
      return List.of();
    }
  }

  private static String cut(String text) {
    return text.length() > LONGEST ? text.substring(0, LONGEST) : text;
  }

  /** The variables that have a value. */
  Set<String> found() {
    return found;
  }

  /** The variables that have none. */
  Set<String> missing() {
    return missing;
  }
}
