package dev.birgus.cli.configuration;

import static java.util.Objects.requireNonNull;

/**
 * The value of a setting, and who said so.
 *
 * @param value as it was written
 * @param origin for messages: a file with its line, a variable, a flag
 */
record Given(String value, String origin) {

  static final String DEFAULT = "default";

  Given {
    requireNonNull(value, "value");
    requireNonNull(origin, "origin");
  }

  boolean isDefault() {
    return origin.equals(DEFAULT);
  }
}
