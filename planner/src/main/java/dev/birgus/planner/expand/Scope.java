package dev.birgus.planner.expand;

import java.util.Optional;

/** The variables a word can name. */
@FunctionalInterface
public interface Scope {

  /** The value of this variable; empty if it is not set, which is not the same as set to "". */
  Optional<String> lookup(String name);
}
