package dev.birgus.cli.flags;

import static java.util.Objects.requireNonNull;

/**
 * An environment variable, or several whose names begin alike.
 *
 * @param name with a star for several
 * @param effect what it does here, or why it does nothing; one sentence
 */
public record Variable(String name, Support support, String effect) {

  public Variable {
    requireNonNull(name, "name");
    requireNonNull(support, "support");
    requireNonNull(effect, "effect");
  }
}
