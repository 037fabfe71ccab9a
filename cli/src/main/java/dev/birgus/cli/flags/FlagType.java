package dev.birgus.cli.flags;

/** What kind of value a flag takes. */
public enum FlagType {
  /** On or off; a value needs an equals sign. */
  BOOLEAN("bool"),
  TEXT("string"),
  INTEGER("int"),
  /** In Go's notation, {@code 1h30m}. */
  DURATION("duration"),
  /** Given once for each value. */
  LIST("repeatable"),
  /** {@code key=value}, given once for each pair. */
  PAIRS("repeatable key=value"),
  /** One of a few words. */
  CHOICE("one of");

  private final String words;

  FlagType(String words) {
    this.words = words;
  }

  /** For people. */
  public String words() {
    return words;
  }

  /** Whether every occurrence counts, and not only the last one. */
  public boolean repeats() {
    return this == LIST || this == PAIRS;
  }
}
