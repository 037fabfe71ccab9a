package dev.birgus.planner.instruct;

/** What a flag takes. */
enum FlagKind {
  /** A value, once. */
  TEXT,
  /** A value, any number of times. */
  TEXTS,
  /** Nothing, or {@code true} or {@code false}; once. */
  BOOLEAN
}
