package dev.birgus.planner.lint;

import dev.birgus.infra.contracts.Finding;
import dev.birgus.infra.contracts.SourceLocation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Collects what the rules that are looked at find, each thing once. */
final class Findings {

  private static final int MAX = 1000;

  private final CheckOptions options;
  private final CommentBlocks comments;
  private final NearMiss nearMiss = new NearMiss();
  private final Set<Finding> found = new LinkedHashSet<>();

  Findings(CheckOptions options, CommentBlocks comments) {
    this.options = options;
    this.comments = comments;
  }

  /** Whether nothing more is taken: nobody reads that much. */
  boolean isFull() {
    return found.size() >= MAX;
  }

  /** Finds the variables somebody probably meant. */
  NearMiss nearMiss() {
    return nearMiss;
  }

  boolean looksAt(Rule rule, SourceLocation at) {
    return comments.optionsAt(at.line()).map(options::and).orElse(options).looksAt(rule);
  }

  void add(Rule rule, SourceLocation at, String message) {
    if (!isFull() && looksAt(rule, at)) {
      found.add(new Finding(rule.ruleName(), message, Optional.of(at)));
    }
  }

  /** Adds what was found elsewhere: of a rule if that is looked at, and all that is of none. */
  void add(Finding finding) {
    var rule = Rule.named(finding.name());
    if (rule.isPresent() && finding.at().isPresent()) {
      add(rule.get(), finding.at().get(), finding.message());
    } else if (rule.isEmpty() || options.looksAt(rule.get())) {
      found.add(finding);
    }
  }

  /** In the order of the file; what has no place comes first. */
  List<Finding> sorted() {
    var sorted = new ArrayList<>(found);
    sorted.sort(
        Comparator.comparingInt(finding -> finding.at().map(SourceLocation::line).orElse(0)));
    return sorted;
  }
}
