package dev.birgus.planner.instruct;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.planner.syntax.Excerpt;
import dev.birgus.planner.syntax.RawInstruction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The flags of one instruction, checked against those it knows. */
final class Flags {

  private static final List<String> BOOLEANS = List.of("true", "false");

  private final RawInstruction raw;
  private final Map<String, String> values = new LinkedHashMap<>();

  private Flags(RawInstruction raw) {
    this.raw = raw;
  }

  /** The flags of this instruction; any of another name, or without its value, is an error. */
  static Flags of(RawInstruction raw, Keyword keyword, Map<String, FlagKind> known) {
    var flags = new Flags(raw);
    for (var word : raw.flags()) {
      flags.add(word, keyword, known);
    }
    return flags;
  }

  private void add(String word, Keyword keyword, Map<String, FlagKind> known) {
    var equals = word.indexOf('=');
    var name = word.substring(2, equals < 0 ? word.length() : equals);
    var kind = known.get(name);
    try {
      if (kind == null) {
        throw unknown(name, keyword, known);
      }
      add(name, kind, equals < 0 ? Optional.empty() : Optional.of(word.substring(equals + 1)));
    } catch (FailureException wrong) {
      throw wrong.failure().in(raw.placeOf(word)).toException(wrong);
    }
  }

  /** The place of this flag, or of the instruction. */
  SourceLocation placeOf(String name) {
    return raw.placeOf(written(name));
  }

  /** This flag with its value; the first if it is there several times, "" if it is not. */
  String written(String name) {
    for (var word : raw.flags()) {
      if (word.equals("--" + name) || word.startsWith("--" + name + "=")) {
        return word;
      }
    }
    return "";
  }

  /** Says that an instruction that has no flags has none. */
  static void refuseAll(RawInstruction raw, Keyword keyword) {
    of(raw, keyword, Map.of());
  }

  private void add(String name, FlagKind kind, Optional<String> given) {
    var value =
        switch (kind) {
          case TEXT, TEXTS -> given.orElseThrow(() -> missingValue(name));
          case BOOLEAN -> given.map(text -> bool(name, text)).orElse("true");
        };
    var before = values.put(name, value);
    if (before == null) {
      return;
    }
    if (kind != FlagKind.TEXTS) {
      throw Failure.of(
              "duplicate-flag", "--" + name + " is given more than once", "keep one of them")
          .toException();
    }
    values.put(name, before + "\n" + value);
  }

  private static String bool(String name, String text) {
    var lower = text.toLowerCase(Locale.ROOT);
    if (!lower.equals("true") && !lower.equals("false")) {
      throw Failure.of(
              "invalid-flag",
              "--" + name + " is " + Excerpt.of(text) + ", neither true nor false",
              Suggestion.nearest(lower, BOOLEANS)
                  .map(value -> "did you mean --" + name + "=" + value + "?")
                  .orElse("write --" + name + " or --" + name + "=false"))
          .toException();
    }
    return lower;
  }

  private static FailureException missingValue(String name) {
    return Failure.of(
            "invalid-flag", "--" + name + " has no value", "write --" + name + "=… in one word")
        .toException();
  }

  private static FailureException unknown(
      String name, Keyword keyword, Map<String, FlagKind> known) {
    var names = known.keySet().stream().sorted().map(flag -> "--" + flag).toList();
    return Failure.of(
            "unknown-flag",
            keyword + " has no flag " + Excerpt.of("--" + name),
            Suggestion.orElse(
                "--" + name.toLowerCase(Locale.ROOT),
                names,
                names.isEmpty()
                    ? "it has none; write -- before arguments that begin with dashes"
                    : "it has " + String.join(", ", names)))
        .toException();
  }

  /** Takes out the value of this flag; empty if it is not there or given as nothing. */
  Optional<String> take(String name) {
    return Optional.ofNullable(values.remove(name)).filter(value -> !value.isEmpty());
  }

  /** What has not been taken. */
  Map<String, String> rest() {
    return values;
  }
}
