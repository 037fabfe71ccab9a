package dev.birgus.cli.flags;

/** What becomes of a flag or an environment variable that somebody sets. */
public enum Support {
  /** It does what it says. */
  SUPPORTED("yes"),
  /** It is taken and changes nothing, because the result is what was asked for without it. */
  ACCEPTED("no effect"),
  /** Any value but the default is refused by name. */
  NOT_YET("not yet");

  private final String words;

  Support(String words) {
    this.words = words;
  }

  /** For people. */
  public String words() {
    return words;
  }
}
