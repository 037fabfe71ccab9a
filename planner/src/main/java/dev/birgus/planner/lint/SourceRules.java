package dev.birgus.planner.lint;

import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.planner.instruct.Instruction;
import dev.birgus.planner.syntax.RawInstruction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The rules about what COPY and ADD take, and the sources that are to be looked up. */
final class SourceRules {

  private final Findings findings;
  private final Map<SourceLocation, RawInstruction> raw;
  private final List<LintReport.Source> sources = new ArrayList<>();

  SourceRules(Findings findings, Map<SourceLocation, RawInstruction> raw) {
    this.findings = findings;
    this.raw = raw;
  }

  /** Looks at an instruction; its words are expanded with these lookups. */
  void check(String instruction, Instruction.Transfer transfer, SourceLocation at, Lookups words) {
    var isOfContext = transfer.from().isEmpty() && findings.looksAt(Rule.COPY_IGNORED_FILE, at);
    for (var written : transfer.sources()) {
      if (!isHeredoc(written, at)) {
        var source = words.word(written);
        if (isOfContext && source.isPresent() && isPlainPath(source.get())) {
          add(instruction, source.get(), at);
        }
      }
    }
    words.word(transfer.destination());
    flagsAndHeredocs(instruction, at, words);
  }

  private boolean isHeredoc(String word, SourceLocation at) {
    var instruction = raw.get(at);
    return instruction != null
        && instruction.heredocs().stream().anyMatch(heredoc -> heredoc.word().equals(word));
  }

  private void flagsAndHeredocs(String name, SourceLocation at, Lookups words) {
    var instruction = raw.get(at);
    if (instruction == null || !instruction.isNamed(name)) {
      return; // A trigger: its place is that of the FROM.
    }
    for (var flag : instruction.flags()) {
      if (!flag.startsWith("--from=")) {
        words.word(flag);
      }
    }
    for (var heredoc : instruction.heredocs()) {
      if (!heredoc.quoted()) {
        VariableNames.of(heredoc.body()).forEach(words::lookup);
      }
    }
  }

  private static boolean isPlainPath(String source) {
    return !source.contains("://")
        && !source.startsWith("git@")
        && source.chars().noneMatch(letter -> "*?[\\".indexOf(letter) >= 0);
  }

  private void add(String instruction, String source, SourceLocation at) {
    var names = new ArrayDeque<String>();
    for (var name : source.split("/", -1)) {
      switch (name) {
        case "", "." -> {}
        case ".." -> names.pollLast();
        default -> names.addLast(name);
      }
    }
    if (!names.isEmpty()) {
      sources.add(new LintReport.Source(instruction, String.join("/", names), at));
    }
  }

  List<LintReport.Source> sources() {
    return sources;
  }
}
