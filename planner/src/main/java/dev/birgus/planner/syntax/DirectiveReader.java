package dev.birgus.planner.syntax;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Finding;
import dev.birgus.infra.contracts.SourceLocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parser directives at the top of a Dockerfile. The first line that is none ends them: an
 * instruction, a blank line, an ordinary comment, or a directive of a name nobody knows.
 */
final class DirectiveReader {

  private static final Set<String> NAMES = Set.of("syntax", "escape", "check");

  private static final List<String> OFFICIAL =
      List.of(
          "docker/dockerfile",
          "docker/dockerfile-upstream",
          "docker.io/docker/dockerfile",
          "docker.io/docker/dockerfile-upstream");

  private final List<Directive> directives = new ArrayList<>();
  private final List<Failure> errors = new ArrayList<>();
  private final List<Finding> warnings = new ArrayList<>();
  private char escape = '\\';
  private boolean done;

  /** Whether no directive can follow any more. */
  boolean done() {
    return done;
  }

  List<Directive> directives() {
    return directives;
  }

  List<Failure> errors() {
    return errors;
  }

  List<Finding> warnings() {
    return warnings;
  }

  char escape() {
    return escape;
  }

  /** Takes in the next line, without white space at its beginning and its end of line. */
  void read(String line, SourceLocation at) {
    var directive = directive(line, at);
    if (directive == null) {
      done = true;
    } else if (directives.stream().anyMatch(seen -> seen.name().equals(directive.name()))) {
      errors.add(
          Failure.of(
                  "invalid-directive",
                  "the parser directive " + directive.name() + " is given more than once",
                  "keep one of them")
              .in(at));
    } else {
      directives.add(directive);
      apply(directive);
    }
  }

  private void apply(Directive directive) {
    switch (directive.name()) {
      case "escape" -> escape(directive);
      case "syntax" -> syntax(directive);
      default -> {} // What check says is for those who run the checks.
    }
  }

  private void escape(Directive directive) {
    if (directive.value().equals("\\") || directive.value().equals("`")) {
      escape = directive.value().charAt(0);
      return;
    }
    errors.add(
        Failure.of(
                "invalid-directive",
                "the escape character "
                    + Excerpt.of(directive.value())
                    + " is neither a backslash nor a backtick",
                "write # escape=\\ or # escape=`")
            .in(directive.at()));
  }

  /** Our language is that of docker/dockerfile; with any other the file may mean something else. */
  private void syntax(Directive directive) {
    var image = directive.value().substring(0, Whitespace.wordEnd(directive.value()));
    for (var prefix : OFFICIAL) {
      if (image.equals(prefix)
          || image.startsWith(prefix + ":")
          || image.startsWith(prefix + "@")) {
        return;
      }
    }
    warnings.add(
        new Finding(
            "SyntaxFrontendIgnored",
            "the frontend "
                + Excerpt.of(image)
                + " is not used: the file is read as docker/dockerfile reads it",
            Optional.of(directive.at())));
  }

  private static @Nullable Directive directive(String line, SourceLocation at) {
    var equals = line.indexOf('=');
    if (!line.startsWith("#") || equals < 0) {
      return null;
    }
    var name = Whitespace.strip(line.substring(1, equals)).toLowerCase(Locale.ROOT);
    var value = Whitespace.strip(line.substring(equals + 1));
    return NAMES.contains(name) && !value.isEmpty() ? new Directive(name, value, at) : null;
  }
}
