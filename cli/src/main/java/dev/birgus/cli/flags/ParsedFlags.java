package dev.birgus.cli.flags;

import dev.birgus.infra.contracts.FailureException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The flags that were given, every value of the type its flag has. */
public final class ParsedFlags {

  private final Map<Flag, List<String>> given;
  private final List<String> notices;

  private ParsedFlags(Map<Flag, List<String>> given, List<String> notices) {
    this.given = given;
    this.notices = notices;
  }

  /** What is to be said about the spellings that were used. */
  public List<String> notices() {
    return notices;
  }

  /** Whether the flag was given, be it with its default. */
  public boolean isGiven(String name) {
    return given.containsKey(flag(name));
  }

  /** The flags that were given, in their order. */
  List<Flag> given() {
    return List.copyOf(given.keySet());
  }

  /** The value of a boolean flag. */
  public boolean on(String name) {
    return FlagValues.parseBoolean(text(name)).orElse(false);
  }

  /** The last value given, or the default. */
  public String text(String name) {
    var flag = flag(name);
    return given.containsKey(flag) ? given.get(flag).getLast() : flag.defaultValue();
  }

  /** The value of a text flag that is neither missing nor empty. */
  public Optional<String> nonEmpty(String name) {
    return Optional.of(text(name)).filter(value -> !value.isEmpty());
  }

  /** The value of an integer flag. */
  public int number(String name) {
    return FlagValues.parseInteger(text(name)).orElseThrow();
  }

  /** All values given, in their order. */
  public List<String> list(String name) {
    return given.getOrDefault(flag(name), List.of());
  }

  /** The pairs given, in their order; of equal keys the last one counts. */
  public Map<String, String> pairs(String name) {
    var pairs = new LinkedHashMap<String, String>();
    for (var pair : list(name)) {
      var equals = pair.indexOf('=');
      pairs.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    return pairs;
  }

  /**
   * Refuses what was asked for and cannot be done.
   *
   * @throws FailureException named {@code not-supported-yet}
   */
  public void refuseUnsupported() {
    given.forEach((flag, values) -> {
      for (var value : values) {
        if (flag.support() == Support.NOT_YET && !FlagValues.isDefault(flag, value)) {
          throw FlagParser.failure(
              "not-supported-yet",
              "--" + flag.name() + "=" + value + " is not supported yet",
              "Leave it out: " + flag.note());
        }
      }
    });
  }

  private static Flag flag(String name) {
    return FlagTable.find(name)
        .orElseThrow(() -> new IllegalArgumentException("there is no flag --" + name));
  }

  /** Gathers flags while a command line is read. */
  static final class Collector {
    private final Map<Flag, List<String>> given = new LinkedHashMap<>();
    private final List<String> notices = new ArrayList<>();
    private final Set<Flag> settled = new HashSet<>();

    /**
     * Adds a value.
     *
     * @param spelling the name it was given by
     * @throws FailureException named {@code bad-flag-value}
     */
    void put(Flag flag, String spelling, String value) {
      FlagValues.check(flag, value);
      var old = deprecatedSpelling(flag, spelling);
      old.map(Flag.Spelling::notice)
          .filter(text -> !notices.contains(text))
          .ifPresent(notices::add);
      if (flag.type().repeats()) {
        given.computeIfAbsent(flag, _ -> new ArrayList<>()).add(value);
      } else if (old.isPresent() || !settled.contains(flag)) {
        given.put(flag, List.of(value));
      }
      if (old.isPresent()) {
        // kaniko copies the value of a deprecated spelling over that of the new one.
        settled.add(flag);
      }
    }

    ParsedFlags finish() {
      return new ParsedFlags(
          Collections.unmodifiableMap(new LinkedHashMap<>(given)), List.copyOf(notices));
    }

    private static Optional<Flag.Spelling> deprecatedSpelling(Flag flag, String name) {
      return flag.spellings().stream()
          .filter(spelling -> spelling.deprecated() && spelling.name().equals(name))
          .findFirst();
    }
  }
}
