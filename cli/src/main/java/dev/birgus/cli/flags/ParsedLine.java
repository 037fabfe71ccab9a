package dev.birgus.cli.flags;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** A command line taken apart: flags, and the words that are none. */
public record ParsedLine(ParsedFlags flags, List<String> positionals) {

  public ParsedLine {
    requireNonNull(flags, "flags");
    positionals = List.copyOf(positionals);
  }
}
