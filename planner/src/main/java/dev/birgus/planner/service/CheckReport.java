package dev.birgus.planner.service;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Finding;
import dev.birgus.planner.lint.Rule;
import java.util.List;

/**
 * What is to be said about a Dockerfile that nobody builds.
 *
 * @param findings of the build checks, and other warnings, in the order of the file
 * @param errors why it could not be built, as far as can be seen without its images
 */
public record CheckReport(List<Finding> findings, List<Failure> errors) {

  public CheckReport {
    findings = List.copyOf(findings);
    errors = List.copyOf(errors);
  }

  /** Whether there is nothing to be said. */
  public boolean isClean() {
    return findings.isEmpty() && errors.isEmpty();
  }

  /** Whether there is nothing to be said but notes. */
  public boolean passes() {
    return errors.isEmpty() && findings.stream().allMatch(Rule::isNote);
  }
}
