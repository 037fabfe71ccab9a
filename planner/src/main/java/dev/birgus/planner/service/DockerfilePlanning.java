package dev.birgus.planner.service;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.blobs.ContextStore;
import dev.birgus.infra.contracts.BuildRequest;
import dev.birgus.infra.contracts.ContextEntry;
import dev.birgus.infra.contracts.ContextIndex;
import dev.birgus.infra.contracts.ContextRef;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Plan;
import dev.birgus.infra.contracts.ResolvedImage;
import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.infra.oci.Platform;
import dev.birgus.planner.instruct.DockerfileParser;
import dev.birgus.planner.instruct.DockerfileParser.ParseResult;
import dev.birgus.planner.plan.Draft;
import dev.birgus.planner.plan.ImageWish;
import dev.birgus.planner.plan.IndexedFiles;
import dev.birgus.planner.plan.Outline;
import dev.birgus.planner.plan.Outliner;
import dev.birgus.planner.plan.PlanOutcome;
import dev.birgus.planner.plan.Planner;
import dev.birgus.planner.plan.Refusals;
import dev.birgus.planner.plan.Review;
import dev.birgus.planner.resolve.BaseImages;
import dev.birgus.planner.resolve.WishResolver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes the plan of a request: the pure rooms one after the other, and between them what they ask
 * for: images, and the files of contexts. Blocks while it does.
 */
public final class DockerfilePlanning {

  private final WishResolver resolver;
  private final ContextStore contexts;
  private final Platform buildPlatform;

  /**
   * Planning with these images and contexts.
   *
   * @param buildPlatform what builds run on, for BUILDPLATFORM
   */
  public DockerfilePlanning(BaseImages images, ContextStore contexts, Platform buildPlatform) {
    this.resolver = new WishResolver(images);
    this.contexts = requireNonNull(contexts, "contexts");
    this.buildPlatform = requireNonNull(buildPlatform, "buildPlatform");
  }

  /**
   * The plan.
   *
   * @throws FailureException if there cannot be one; it tells of everything found to be wrong
   * @throws InterruptedException if nobody waits for it any more
   */
  public Plan plan(BuildRequest request) throws InterruptedException {
    return preview(request).plan();
  }

  /**
   * The plan, and what is not in it.
   *
   * @throws FailureException as for {@link #plan}
   * @throws InterruptedException if nobody waits for it any more
   */
  public Preview preview(BuildRequest request) throws InterruptedException {
    var file = request.dockerfile();
    var parsed = DockerfileParser.parse(file.name(), file.text());
    var draft = new Draft(parsed.instructions(), parsed.escape(), request, buildPlatform);
    refuseUnreadable(parsed, draft);
    var checks = BuildChecks.of(draft, parsed.warnings(), contexts);
    checks.refuseEarly();
    var images = new HashMap<ImageWish.Key, ResolvedImage>();
    var outline = resolved(draft, images);
    var plan = planned(draft, outline, images);
    var findings = checks.findings(outline, images, plan.warnings());
    checks.refuse(findings);
    return Preview.of(plan.with(findings), draft, outline);
  }

  /** Tells of what could not be read, and of the mistakes in the rest as far as they are sure. */
  private static void refuseUnreadable(ParseResult parsed, Draft draft) {
    if (parsed.errors().isEmpty()) {
      return;
    }
    throw Refusals.joined(mistakes(parsed, draft)).toException();
  }

  /** What is wrong with a Dockerfile that could not be read, in the order of the file. */
  static List<Failure> mistakes(ParseResult parsed, Draft draft) {
    var failures = new ArrayList<>(parsed.errors());
    if (parsed.knowsStages()) {
      failures.addAll(Review.of(draft));
      failures.sort(
          Comparator.comparingInt(failure -> failure.at().map(SourceLocation::line).orElse(0)));
    }
    return failures;
  }

  /** Draws the outline until no image in it is unknown. */
  private Outline resolved(Draft draft, Map<ImageWish.Key, ResolvedImage> images)
      throws InterruptedException {
    while (true) {
      var outline = Outliner.outline(draft, images);
      refuseIfAny(outline.failures());
      var missing =
          outline.wishes().stream().filter(wish -> !images.containsKey(wish.key())).toList();
      if (missing.isEmpty()) {
        return outline;
      }
      images.putAll(resolver.resolve(missing));
    }
  }

  /** Plans until no file it asks for is unknown. */
  private Plan planned(Draft draft, Outline outline, Map<ImageWish.Key, ResolvedImage> images) {
    var files = new HashMap<ContextRef, IndexedFiles>();
    while (true) {
      switch (Planner.plan(draft, outline, images, files)) {
        case PlanOutcome.Planned(var plan) -> {
          return plan;
        }
        case PlanOutcome.Refused(var failures) -> throw Refusals.joined(failures).toException();
        case PlanOutcome.NeedsFiles(var roots) ->
            roots.forEach(
                (context, more) -> files.merge(context, index(context, more), this::both));
      }
    }
  }

  private IndexedFiles index(ContextRef context, Set<String> roots) {
    try {
      return new IndexedFiles(contexts.open(context).index(roots), roots);
    } catch (IOException broken) {
      throw unreadable(broken);
    }
  }

  static FailureException unreadable(IOException broken) {
    return Failure.of(
            "unreadable-context",
            "the build context cannot be read: " + broken.getMessage(),
            "check that its files may be read, and that nothing changes them during the build")
        .toException(broken);
  }

  private IndexedFiles both(IndexedFiles one, IndexedFiles other) {
    if (one.roots().containsAll(other.roots())) {
      throw new IllegalStateException("the same files were asked for twice: " + other.roots());
    }
    var entries = new HashMap<String, ContextEntry>();
    one.index().entries().forEach(entry -> entries.put(entry.path(), entry));
    other.index().entries().forEach(entry -> entries.put(entry.path(), entry));
    var excluded = new LinkedHashSet<>(one.index().excluded());
    excluded.addAll(other.index().excluded());
    var roots = new HashSet<>(one.roots());
    roots.addAll(other.roots());
    return new IndexedFiles(new ContextIndex(entries.values(), List.copyOf(excluded)), roots);
  }

  private static void refuseIfAny(List<Failure> failures) {
    if (!failures.isEmpty()) {
      throw Refusals.joined(failures).toException();
    }
  }
}
