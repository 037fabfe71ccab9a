package dev.birgus.planner.syntax;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Finding;
import dev.birgus.infra.contracts.SourceLocation;
import java.util.List;

/**
 * A Dockerfile by its outer form: directives, then instructions, each with its lines.
 *
 * @param instructions those that could be read; one with an error is left out
 * @param errors in the order of the file, each with its place
 * @param warnings in the order of the file
 * @param escape backslash or backtick
 */
public record Dockerfile(
    List<Directive> directives,
    List<RawInstruction> instructions,
    List<Failure> errors,
    List<Finding> warnings,
    char escape) {

  public Dockerfile {
    directives = List.copyOf(directives);
    instructions = List.copyOf(instructions);
    errors = List.copyOf(errors);
    warnings = List.copyOf(warnings);
    if (escape != '\\' && escape != '`') {
      throw new IllegalArgumentException("not an escape character: " + escape);
    }
  }

  /**
   * Reads a Dockerfile. Takes time in proportion to its length and never fails otherwise than by
   * {@link #errors}.
   *
   * @param fileName for messages
   */
  public static Dockerfile parse(String fileName, String text) {
    requireNonNull(fileName, "fileName");
    return DockerfileReader.ofFile(fileName, text).read();
  }

  /**
   * Reads a text that has no directives, such as an ONBUILD trigger.
   *
   * @param at the place all of it is said to be at
   * @param escape of the file it belongs to
   */
  public static Dockerfile parseFragment(String text, SourceLocation at, char escape) {
    return DockerfileReader.ofFragment(text, at, escape).read();
  }
}
