package dev.birgus.cli.flags;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.OptionalLong;

/** Reads amounts of bytes as people write them. */
public final class ByteSize {

  private static final String DIGITS = "0123456789.";

  private ByteSize() {}

  /**
   * Reads {@code 10GB}, {@code 1.5 GiB}, {@code 500m} or {@code 0}. K, M, G and T are powers of
   * 1000, with an i behind them of 1024; capitals and a B at the end do not matter.
   *
   * @return empty if it is no such amount, or too large a one
   */
  public static OptionalLong parse(String text) {
    var end = 0;
    while (end < text.length() && DIGITS.indexOf(text.charAt(end)) >= 0) {
      end++;
    }
    var factor = factor(text.substring(end).strip().toLowerCase(Locale.ROOT));
    if (factor.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      var bytes =
          new BigDecimal(text.substring(0, end)).multiply(BigDecimal.valueOf(factor.getAsLong()));
      return OptionalLong.of(bytes.toBigInteger().longValueExact());
    } catch (ArithmeticException | NumberFormatException noAmount) {
      return OptionalLong.empty();
    }
  }

  private static OptionalLong factor(String unit) {
    return switch (unit) {
      case "", "b" -> OptionalLong.of(1);
      case "k", "kb" -> OptionalLong.of(1_000);
      case "m", "mb" -> OptionalLong.of(1_000_000);
      case "g", "gb" -> OptionalLong.of(1_000_000_000);
      case "t", "tb" -> OptionalLong.of(1_000_000_000_000L);
      case "ki", "kib" -> OptionalLong.of(1L << 10);
      case "mi", "mib" -> OptionalLong.of(1L << 20);
      case "gi", "gib" -> OptionalLong.of(1L << 30);
      case "ti", "tib" -> OptionalLong.of(1L << 40);
      default -> OptionalLong.empty();
    };
  }
}
