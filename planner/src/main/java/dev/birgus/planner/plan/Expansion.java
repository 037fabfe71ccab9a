package dev.birgus.planner.plan;

import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.planner.expand.Scope;
import dev.birgus.planner.expand.Words;
import dev.birgus.planner.instruct.Instruction;
import java.util.List;

/** Expands the words of one instruction; what is wrong with one fails in that instruction. */
record Expansion(Scope scope, char escape, Instruction.Source source) {

  /** The place of the instruction. */
  SourceLocation at() {
    return source.at();
  }

  String word(String word) {
    try {
      return Words.expand(word, scope, escape);
    } catch (FailureException failed) {
      throw failed.failure().in(source.placeOf(word)).toException(failed);
    }
  }

  List<String> words(List<String> words) {
    return words.stream().map(this::word).toList();
  }

  /** Like {@link #word}, but a variable may hold several words. */
  List<String> split(String word) {
    try {
      return Words.expandToWords(word, scope, escape);
    } catch (FailureException failed) {
      throw failed.failure().in(source.placeOf(word)).toException(failed);
    }
  }
}
