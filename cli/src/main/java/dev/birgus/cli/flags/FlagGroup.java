package dev.birgus.cli.flags;

/** The headings of the help text, in their order. */
public enum FlagGroup {
  SOURCE("What to build"),
  OUTPUT("Where the image goes"),
  IMAGE("What the image is like"),
  REGISTRY("Talking to registries"),
  CACHE("Cache"),
  DISPLAY("What is shown"),
  MACHINE("This machine"),
  SERVER("Builds on a server"),
  PRUNE("What `birgus prune` deletes"),
  LOGIN("Who `birgus login` stores credentials of"),
  KANIKO("Taken from kaniko, without effect here");

  private final String title;

  FlagGroup(String title) {
    this.title = title;
  }

  /** The heading. */
  public String title() {
    return title;
  }
}
