package dev.birgus.cli.flags;

import dev.birgus.infra.contracts.FailureException;
import java.time.Duration;
import java.util.Optional;

/** Reads the values of flags as Go's flag library does. */
public final class FlagValues {

  private FlagValues() {}

  /** Go's {@code strconv.ParseBool}. */
  static Optional<Boolean> parseBoolean(String value) {
    return switch (value) {
      case "1", "t", "T", "true", "TRUE", "True" -> Optional.of(true);
      case "0", "f", "F", "false", "FALSE", "False" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  static Optional<Integer> parseInteger(String value) {
    try {
      return Optional.of(Integer.decode(value));
    } catch (NumberFormatException notANumber) {
      return Optional.empty();
    }
  }

  /** Go's {@code time.ParseDuration}: numbers with units, {@code 1h30m}, or 0. */
  public static Optional<Duration> parseDuration(String value) {
    var text = value.startsWith("-") || value.startsWith("+") ? value.substring(1) : value;
    if (text.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    var nanoseconds = 0.0;
    var at = 0;
    while (at < text.length()) {
      var unitAt = skip(text, at, true);
      var end = skip(text, unitAt, false);
      var number = number(text.substring(at, unitAt));
      var unit = nanoseconds(text.substring(unitAt, end));
      if (number < 0 || unit < 0) {
        return Optional.empty();
      }
      nanoseconds += number * unit;
      at = end;
    }
    var sign = value.startsWith("-") ? -1 : 1;
    return text.isEmpty()
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(sign * (long) nanoseconds));
  }

  private static int skip(String text, int from, boolean digits) {
    var at = from;
    while (at < text.length() && isDigit(text.charAt(at)) == digits) {
      at++;
    }
    return at;
  }

  private static boolean isDigit(char letter) {
    return (letter >= '0' && letter <= '9') || letter == '.';
  }

  private static double number(String digits) {
    try {
      return digits.isEmpty() ? -1 : Double.parseDouble(digits);
    } catch (NumberFormatException notANumber) {
      return -1;
    }
  }

  private static double nanoseconds(String unit) {
    return switch (unit) {
      case "ns" -> 1;
      case "us", "µs", "μs" -> 1e3;
      case "ms" -> 1e6;
      case "s" -> 1e9;
      case "m" -> 60e9;
      case "h" -> 3600e9;
      default -> -1;
    };
  }

  /**
   * Checks that a value is of its flag's type.
   *
   * @throws FailureException named {@code bad-flag-value}
   */
  static void check(Flag flag, String value) {
    var expected =
        switch (flag.type()) {
          case BOOLEAN -> parseBoolean(value).isPresent() ? "" : "write true or false";
          case INTEGER -> parseInteger(value).isPresent() ? "" : "write a whole number";
          case DURATION ->
              parseDuration(value).isPresent() ? "" : "write a number with a unit, such as 336h";
          case PAIRS -> value.indexOf('=') > 0 ? "" : "write key=value";
          case CHOICE -> flag.choices().contains(value) ? "" : oneOf(flag);
          case TEXT, LIST -> "";
        };
    var unset = value.isEmpty() && flag.type() == FlagType.CHOICE && isDefault(flag, value);
    if (!expected.isEmpty() && !unset) {
      throw FlagParser.failure(
          "bad-flag-value",
          "invalid argument \"" + value + "\" for \"" + flag.shown() + "\" flag: " + expected,
          "");
    }
  }

  private static String oneOf(Flag flag) {
    return "write one of " + String.join(", ", flag.choices());
  }

  /** Whether this value means the same as not giving the flag. */
  static boolean isDefault(Flag flag, String value) {
    return flag.type() == FlagType.BOOLEAN
        ? parseBoolean(value).equals(parseBoolean(flag.defaultValue()))
        : value.equals(flag.defaultValue());
  }
}
