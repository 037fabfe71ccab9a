package dev.birgus.planner.lint;

import dev.birgus.planner.syntax.Excerpt;
import dev.birgus.planner.syntax.RawInstruction;
import dev.birgus.planner.syntax.Whitespace;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The rules about how instructions are written. They look at every stage. */
final class FormRules {

  private final Findings findings;
  private final CommentBlocks comments;

  FormRules(Findings findings, CommentBlocks comments) {
    this.findings = findings;
    this.comments = comments;
  }

  void check(List<RawInstruction> instructions) {
    var inStages = new ArrayList<RawInstruction>();
    var names = new HashSet<String>();
    for (var instruction : instructions) {
      if (instruction.isNamed("FROM")) {
        from(instruction, names);
      } else if (instruction.isNamed("ARG")) {
        describes(instruction, argumentNames(instruction), "ARG");
      }
      if (!inStages.isEmpty() || instruction.isNamed("FROM")) {
        inStages.add(instruction);
      }
    }
    casing(inStages);
  }

  private void from(RawInstruction from, Set<String> names) {
    var words = Whitespace.words(from.arguments());
    if (words.size() != 3) {
      return;
    }
    var as = words.get(1);
    var name = words.get(2);
    var lower = name.toLowerCase(Locale.ROOT);
    if (!name.equals(lower)) {
      findings.add(
          Rule.STAGE_NAME_CASING,
          from.at(),
          "the stage name " + Excerpt.of(name) + " has upper-case letters");
    }
    if (isLower(from.name()) ? !isLower(as) : isUpper(from.name()) && !isUpper(as)) {
      findings.add(
          Rule.FROM_AS_CASING,
          from.at(),
          Excerpt.of(as) + " and " + Excerpt.of(from.name()) + " are not in the same case");
    }
    if (!names.add(lower)) {
      findings.add(
          Rule.DUPLICATE_STAGE_NAME,
          from.at(),
          "there is a stage called " + Excerpt.of(lower) + " already");
    }
    describes(from, List.of(lower), "FROM");
  }

  private void casing(List<RawInstruction> instructions) {
    var lower = instructions.stream().filter(one -> isLower(one.name())).count();
    var upper = instructions.stream().filter(one -> isUpper(one.name())).count();
    var wantsLower = lower > upper;
    for (var instruction : instructions) {
      var name = instruction.name();
      if (wantsLower ? !isLower(name) : !isUpper(name)) {
        findings.add(
            Rule.CONSISTENT_INSTRUCTION_CASING,
            instruction.at(),
            Excerpt.of(name)
                + " is not in "
                + (wantsLower ? "lower" : "upper")
                + " case, as most instructions are");
      }
    }
  }

  private static boolean isLower(String word) {
    return word.equals(word.toLowerCase(Locale.ROOT));
  }

  private static boolean isUpper(String word) {
    return word.equals(word.toUpperCase(Locale.ROOT));
  }

  private static List<String> argumentNames(RawInstruction arg) {
    var names = new ArrayList<String>();
    for (var word : Whitespace.words(arg.arguments())) {
      var equals = word.indexOf('=');
      names.add(equals < 0 ? word : word.substring(0, equals));
    }
    return names;
  }

  private void describes(RawInstruction instruction, List<String> names, String keyword) {
    if (names.isEmpty()
        || !findings.looksAt(Rule.INVALID_DEFINITION_DESCRIPTION, instruction.at())) {
      return;
    }
    var above = comments.above(instruction.at().line());
    if (above.isEmpty()) {
      return;
    }
    var last = above.getLast();
    if (!names.contains(last.substring(0, Whitespace.wordEnd(last)))) {
      findings.add(
          Rule.INVALID_DEFINITION_DESCRIPTION,
          instruction.at(),
          "the comment above "
              + keyword
              + " does not begin with "
              + (names.size() == 1 ? names.getFirst() : "the name of an argument"));
    }
  }
}
