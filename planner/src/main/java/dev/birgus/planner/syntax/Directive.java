package dev.birgus.planner.syntax;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.SourceLocation;

/**
 * A parser directive: a comment at the top of the file that says how to read it.
 *
 * @param name {@code syntax}, {@code escape} or {@code check}
 * @param value as written
 */
public record Directive(String name, String value, SourceLocation at) {

  public Directive {
    requireNonNull(name, "name");
    requireNonNull(value, "value");
    requireNonNull(at, "at");
  }
}
