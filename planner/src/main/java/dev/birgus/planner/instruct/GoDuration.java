package dev.birgus.planner.instruct;

import java.math.BigDecimal;
import java.util.OptionalLong;

/**
 * A duration as Go writes it: numbers, with a fraction if need be, each with its unit ({@code ns},
 * {@code us}, {@code ms}, {@code s}, {@code m}, {@code h}), one after the other: {@code 1h2m3.5s}.
 */
final class GoDuration {

  private static final int MAX_DIGITS = 40;
  private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);

  private GoDuration() {}

  /** The nanoseconds of this duration, fractions of one cut off; empty if it is not one. */
  static OptionalLong parse(String text) {
    var negative = text.startsWith("-");
    var position = negative || text.startsWith("+") ? 1 : 0;
    if (text.substring(position).equals("0")) {
      return OptionalLong.of(0);
    }
    var sum = BigDecimal.ZERO;
    if (position == text.length()) {
      return OptionalLong.empty();
    }
    while (position < text.length()) {
      var numberEnd = skip(text, position, true);
      var unitEnd = skip(text, numberEnd, false);
      var number = number(text.substring(position, numberEnd));
      var unit = unit(text.substring(numberEnd, unitEnd));
      if (number.signum() < 0 || unit == 0) {
        return OptionalLong.empty();
      }
      sum = sum.add(number.multiply(BigDecimal.valueOf(unit)));
      position = unitEnd;
      if (sum.compareTo(MAX) > 0) {
        return OptionalLong.empty();
      }
    }
    return OptionalLong.of(negative ? -sum.longValue() : sum.longValue());
  }

  private static int skip(String text, int from, boolean numeric) {
    var end = from;
    while (end < text.length() && isNumeric(text.charAt(end)) == numeric) {
      end++;
    }
    return end;
  }

  private static boolean isNumeric(char character) {
    return character == '.' || (character >= '0' && character <= '9');
  }

  /** The number, or -1 if it is none. */
  private static BigDecimal number(String digits) {
    var point = digits.indexOf('.');
    var isNumber =
        !digits.isEmpty()
            && !digits.equals(".")
            && digits.length() <= MAX_DIGITS
            && point == digits.lastIndexOf('.');
    return isNumber ? new BigDecimal(digits) : BigDecimal.ONE.negate();
  }

  private static long unit(String unit) {
    return switch (unit) {
      case "ns" -> 1;
      case "us", "µs", "μs" -> 1_000;
      case "ms" -> 1_000_000;
      case "s" -> 1_000_000_000;
      case "m" -> 60_000_000_000L;
      case "h" -> 3_600_000_000_000L;
      default -> 0;
    };
  }
}
