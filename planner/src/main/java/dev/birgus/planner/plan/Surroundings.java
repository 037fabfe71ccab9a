package dev.birgus.planner.plan;

import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.BuildRequest;
import dev.birgus.infra.contracts.ContextIndex;
import dev.birgus.infra.contracts.ContextRef;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.FileOrigin;
import dev.birgus.infra.contracts.Finding;
import dev.birgus.infra.contracts.ResolvedImage;
import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.infra.oci.Platform;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What the stages of one plan share: what is known, and what was found while planning. */
final class Surroundings {

  private static final String TOO_LARGE = "plan-too-large";
  private static final long MAX_CHARACTERS = 64L << 20;

  private static final IndexedFiles NOTHING_KNOWN =
      new IndexedFiles(new ContextIndex(List.of(), List.of()), Set.of());

  private final Draft draft;
  private final Outline outline;
  private final Map<ImageWish.Key, ResolvedImage> images;
  private final Map<ContextRef, IndexedFiles> files;
  private final Map<Integer, StagePlanner.Planned> planned = new HashMap<>();
  private final Map<ContextRef, Set<String>> needed = new HashMap<>();
  private final List<Failure> failures = new ArrayList<>();
  private final List<Finding> warnings = new ArrayList<>();
  private final BuildOptions options;
  private long spent;

  Surroundings(
      Draft draft,
      Outline outline,
      Map<ImageWish.Key, ResolvedImage> images,
      Map<ContextRef, IndexedFiles> files) {
    this.draft = draft;
    this.outline = outline;
    this.images = images;
    this.files = files;
    failures.addAll(outline.failures());
    warnings.addAll(outline.warnings());
    options = draft.request().options().orAt(timestamp());
  }

  private Optional<Instant> timestamp() {
    try {
      return SourceDate.of(draft, outline.globals(), warnings);
    } catch (FailureException wrong) {
      failures.add(wrong.failure());
      return Optional.empty();
    }
  }

  /** How to build, with the timestamp of the Dockerfile. */
  BuildOptions options() {
    return options;
  }

  /**
   * Counts what the plan will hold in memory, so that no Dockerfile can use up all of it.
   *
   * @param characters about
   * @throws FailureException if it is too much
   */
  void spend(long characters, SourceLocation at) {
    spent += characters;
    if (spent > MAX_CHARACTERS) {
      throw Refusals.invalid(
              TOO_LARGE,
              "the variables and texts of all instructions together are too large",
              "use fewer variables, or fewer instructions after them",
              at)
          .toException();
    }
  }

  Draft draft() {
    return draft;
  }

  BuildRequest request() {
    return draft.request();
  }

  Map<String, String> globals() {
    return outline.globals();
  }

  boolean isTarget(StageOutline stage) {
    return stage.index() == outline.target();
  }

  IndexedFiles files(ContextRef context) {
    return files.getOrDefault(context, NOTHING_KNOWN);
  }

  ResolvedImage image(ImageWish wish) {
    var image = images.get(wish.key());
    if (image == null) {
      throw new IllegalArgumentException("not resolved: " + wish.name());
    }
    return image;
  }

  /** A stage already planned; empty if it could not be. */
  Optional<StagePlanner.Planned> stage(int index) {
    return Optional.ofNullable(planned.get(index));
  }

  /** The files a reference has; empty if it is a stage that could not be planned. */
  Optional<FileOrigin> origin(Reference reference) {
    return switch (reference) {
      case Reference.ToStage(var index) ->
          stage(index).map(known -> new FileOrigin.FromStage(known.stage().id()));
      case Reference.ToImage(var wish) -> Optional.of(new FileOrigin.FromImage(image(wish)));
      case Reference.ToFiles(var context) -> Optional.of(new FileOrigin.Context(context));
      case Reference.Scratch _ -> throw new IllegalArgumentException("scratch has no files");
    };
  }

  void add(int index, StagePlanner.Planned stage) {
    planned.put(index, stage);
  }

  void needs(ContextRef context, String root) {
    needed.computeIfAbsent(context, _ -> new TreeSet<>()).add(root);
  }

  /** Notes a mistake; that the plan is too large is said once. */
  void fail(Failure failure) {
    if (!failure.name().equals(TOO_LARGE)
        || failures.stream().noneMatch(known -> known.name().equals(TOO_LARGE))) {
      failures.add(failure);
    }
  }

  /** What the build itself runs on. */
  Platform buildPlatform() {
    return draft.buildPlatform();
  }

  void warn(String name, String message, SourceLocation at) {
    warnings.add(new Finding(name, message, Optional.of(at)));
  }

  void warn(Finding finding) {
    warnings.add(finding);
  }

  Map<ContextRef, Set<String>> needed() {
    return needed;
  }

  List<Failure> failures() {
    return failures;
  }

  List<Finding> warnings() {
    return warnings;
  }
}
