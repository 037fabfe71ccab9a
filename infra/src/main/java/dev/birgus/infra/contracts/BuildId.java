package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

/**
 * The name of one build, unique among all builds. Letters, digits, dots and dashes, at most 128.
 */
public record BuildId(String value) {

  public BuildId {
    requireNonNull(value, "value");
    if (!value.matches("[A-Za-z0-9][A-Za-z0-9.-]{0,127}")) {
      throw new IllegalArgumentException("not a build id: " + value);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
