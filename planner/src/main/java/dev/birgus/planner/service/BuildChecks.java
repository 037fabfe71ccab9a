package dev.birgus.planner.service;

import dev.birgus.infra.blobs.ContextStore;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Finding;
import dev.birgus.infra.contracts.ResolvedImage;
import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.infra.oci.ImageConfig;
import dev.birgus.planner.lint.CheckOptions;
import dev.birgus.planner.lint.Lint;
import dev.birgus.planner.lint.LintInput;
import dev.birgus.planner.lint.LintReport;
import dev.birgus.planner.lint.Rule;
import dev.birgus.planner.plan.Draft;
import dev.birgus.planner.plan.ImageWish;
import dev.birgus.planner.plan.Outline;
import dev.birgus.planner.plan.Outliner;
import dev.birgus.planner.plan.Reference;
import dev.birgus.planner.plan.Review;
import dev.birgus.planner.plan.StageOutline;
import dev.birgus.planner.syntax.Dockerfile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The build checks of one build, and what its options make of their findings. */
final class BuildChecks {

  private final Draft draft;
  private final List<Finding> known;
  private final ContextStore contexts;
  private final Dockerfile file;
  private final CheckOptions options;

  private BuildChecks(
      Draft draft,
      List<Finding> known,
      ContextStore contexts,
      Dockerfile file,
      CheckOptions options) {
    this.draft = draft;
    this.known = known;
    this.contexts = contexts;
    this.file = file;
    this.options = options;
  }

  /**
   * The checks of a build.
   *
   * @param known what reading the Dockerfile has found
   * @throws FailureException if its check options are malformed
   */
  static BuildChecks of(Draft draft, List<Finding> known, ContextStore contexts) {
    var written = draft.request().dockerfile();
    var file = Dockerfile.parse(written.name(), written.text());
    var options = Lint.options(file, draft.request().arguments());
    return new BuildChecks(draft, known, contexts, file, options);
  }

  /** All there is to say about a Dockerfile that can be read, without its images. */
  CheckReport report() {
    var outline = Outliner.outline(draft, Map.of());
    var stages =
        draft.request().targets().isEmpty()
            ? Optional.<Set<Integer>>empty()
            : Optional.of(indices(outline));
    var findings = findings(outline.globals(), Map.of(), outline.warnings(), stages);
    var errors = new LinkedHashSet<>(outline.failures());
    errors.addAll(Review.of(draft));
    return new CheckReport(findings, List.copyOf(errors));
  }

  /** What there is to say about the form of a Dockerfile that cannot be read. */
  CheckReport report(List<Failure> errors) {
    return new CheckReport(findings(Map.of(), Map.of(), List.of(), Optional.of(Set.of())), errors);
  }

  /**
   * The findings about the stages of an outline.
   *
   * @param warnings of planning it
   */
  List<Finding> findings(
      Outline outline, Map<ImageWish.Key, ResolvedImage> images, List<Finding> warnings) {
    return findings(
        outline.globals(),
        configurations(outline, images),
        warnings,
        Optional.of(indices(outline)));
  }

  private List<Finding> findings(
      Map<String, String> globals,
      Map<Integer, ImageConfig> images,
      List<Finding> warnings,
      Optional<Set<Integer>> stages) {
    var all = new ArrayList<>(known);
    all.addAll(warnings);
    var input =
        new LintInput(
            draft.request().dockerfile().text(),
            file,
            draft.instructions(),
            all,
            draft.request().arguments(),
            globals,
            images,
            stages);
    var report = Lint.check(input, options);
    var findings = new LinkedHashSet<>(report.findings());
    for (var source : report.sources()) {
      if (isIgnored(source)) {
        findings.add(source.ignored());
      }
    }
    return findings.stream()
        .sorted(
            Comparator.comparingInt(finding -> finding.at().map(SourceLocation::line).orElse(0)))
        .toList();
  }

  private static Set<Integer> indices(Outline outline) {
    return outline.stages().stream().map(StageOutline::index).collect(Collectors.toSet());
  }

  private static Map<Integer, ImageConfig> configurations(
      Outline outline, Map<ImageWish.Key, ResolvedImage> images) {
    var configurations = new HashMap<Integer, ImageConfig>();
    for (var stage : outline.stages()) {
      if (stage.base() instanceof Reference.ToImage(var wish)) {
        var image = images.get(wish.key());
        if (image != null) {
          configurations.put(stage.index(), image.config());
        }
      }
    }
    return configurations;
  }

  private boolean isIgnored(LintReport.Source source) {
    try {
      var path = source.path();
      var index = contexts.open(draft.request().context()).index(Set.of(path));
      return index.excluded().stream()
          .anyMatch(out -> path.equals(out) || path.startsWith(out + "/"));
    } catch (IOException broken) {
      throw DockerfilePlanning.unreadable(broken);
    }
  }

  /** Refuses what can be seen without images, if findings are to fail the build. */
  void refuseEarly() {
    if (options.failsBuild()) {
      var outline = Outliner.outline(draft, Map.of());
      refuse(findings(outline, Map.of(), outline.warnings()));
    }
  }

  /**
   * Refuses the build if findings are to fail it.
   *
   * @throws FailureException named {@code build-checks-failed}, with a line for each finding
   */
  void refuse(List<Finding> findings) {
    var broken =
        findings.stream()
            .filter(finding -> Rule.named(finding.name()).filter(rule -> !rule.note()).isPresent())
            .toList();
    if (!options.failsBuild() || broken.isEmpty()) {
      return;
    }
    var names = broken.stream().map(Finding::name).distinct().collect(Collectors.joining(", "));
    var lines =
        broken.stream()
            .map(finding ->
                finding.at().map(at -> at + ": ").orElse("")
                    + finding.message()
                    + " ("
                    + finding.name()
                    + ")")
            .toList();
    throw new Failure(
            "build-checks-failed",
            "the Dockerfile does not pass its build checks: " + names,
            "correct it, or leave a check out with # check=skip=NAME at its top",
            broken.getFirst().at(),
            1,
            lines)
        .toException();
  }
}
