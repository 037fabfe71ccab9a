package dev.birgus.planner.lint;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Finding;
import dev.birgus.infra.contracts.SourceLocation;
import java.util.List;
import java.util.Optional;

/**
 * What the checks came to.
 *
 * @param findings in the order of the file
 * @param sources of the build context that are to be looked up in the ignore file; none unless
 *     {@link Rule#COPY_IGNORED_FILE} is looked at
 */
public record LintReport(List<Finding> findings, List<Source> sources) {

  public LintReport {
    findings = List.copyOf(findings);
    sources = List.copyOf(sources);
  }

  /**
   * A path of the context an instruction names, without wildcards.
   *
   * @param instruction COPY or ADD
   * @param path relative to the context, no slashes at its ends; never the context itself
   */
  public record Source(String instruction, String path, SourceLocation at) {
    public Source {
      requireNonNull(instruction, "instruction");
      requireNonNull(path, "path");
      requireNonNull(at, "at");
    }

    /** What to say if the ignore file takes it out. */
    public Finding ignored() {
      return new Finding(
          Rule.COPY_IGNORED_FILE.ruleName(),
          instruction + " names " + path + ", which the ignore file takes out of the context",
          Optional.of(at));
    }
  }
}
