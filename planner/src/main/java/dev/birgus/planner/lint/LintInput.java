package dev.birgus.planner.lint;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Finding;
import dev.birgus.infra.oci.ImageConfig;
import dev.birgus.planner.instruct.Instruction;
import dev.birgus.planner.syntax.Dockerfile;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the checks look at.
 *
 * @param text of the Dockerfile
 * @param file the same by its outer form
 * @param instructions those of it that are well-formed
 * @param known findings that reading the file has given already, of rules and others
 * @param arguments values given with {@code --build-arg}
 * @param globals values of the arguments before the first FROM, platform arguments included
 * @param images configurations of the base images that are known, by the number of the stage
 * @param stages numbers of the stages to look into; empty for all. What is wrong with the outer
 *     form and with FROM is told of every stage, of no stages only the form
 */
public record LintInput(
    String text,
    Dockerfile file,
    List<Instruction> instructions,
    List<Finding> known,
    Map<String, String> arguments,
    Map<String, String> globals,
    Map<Integer, ImageConfig> images,
    Optional<Set<Integer>> stages) {

  public LintInput {
    requireNonNull(text, "text");
    requireNonNull(file, "file");
    instructions = List.copyOf(instructions);
    known = List.copyOf(known);
    arguments = Map.copyOf(arguments);
    globals = Map.copyOf(globals);
    images = Map.copyOf(images);
    stages = stages.map(Set::copyOf);
  }

  /** Whether there is more to look at than the outer form. */
  boolean looksIntoAny() {
    return stages.isEmpty() || !stages.get().isEmpty();
  }

  boolean looksInto(int stage) {
    return stages.isEmpty() || stages.get().contains(stage);
  }
}
