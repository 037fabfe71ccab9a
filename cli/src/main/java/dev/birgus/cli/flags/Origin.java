package dev.birgus.cli.flags;

/** Who has a flag. */
public enum Origin {
  KANIKO("kaniko"),
  FORK("kaniko forks"),
  BIRGUS("birgus");

  private final String words;

  Origin(String words) {
    this.words = words;
  }

  /** For people. */
  public String words() {
    return words;
  }
}
