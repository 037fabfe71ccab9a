package dev.birgus.cli.progress;

import java.time.Duration;

/** Writes sizes and times for people. */
public final class Amounts {

  private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};

  private Amounts() {}

  /** Bytes in decimal units with one digit behind the point: {@code 12.3 MB}. */
  public static String size(long bytes) {
    if (bytes < 1000) {
      return bytes + " B";
    }
    var unit = 0;
    var tenths = bytes * 10.0;
    while (Math.round(tenths) >= 10_000 && unit < UNITS.length - 1) {
      tenths /= 1000;
      unit++;
    }
    var rounded = Math.round(tenths);
    return rounded / 10 + "." + rounded % 10 + " " + UNITS[unit];
  }

  /** A time: {@code 0.3s}, {@code 12.3s}, {@code 2m05s}, {@code 1h02m}. */
  static String time(Duration duration) {
    var tenths = Math.max(0, (duration.toMillis() + 50) / 100);
    if (tenths < 600) {
      return tenths / 10 + "." + tenths % 10 + "s";
    }
    var seconds = tenths / 10;
    if (seconds < 3600) {
      return seconds / 60 + "m" + twoDigits(seconds % 60) + "s";
    }
    return seconds / 3600 + "h" + twoDigits(seconds / 60 % 60) + "m";
  }

  private static String twoDigits(long number) {
    return number < 10 ? "0" + number : Long.toString(number);
  }
}
