package dev.birgus.planner.plan;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Finding;
import dev.birgus.infra.contracts.ResolvedImage;
import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.infra.oci.Platform;
import dev.birgus.planner.instruct.DockerfileParser;
import dev.birgus.planner.instruct.Instruction;
import dev.birgus.planner.instruct.RunFlags;
import dev.birgus.planner.instruct.Suggestion;
import dev.birgus.planner.lint.Rule;
import dev.birgus.planner.plan.StageOutline.Item;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Draws the {@link Outline} of a Dockerfile. It goes from the target backwards, so that stages
 * nobody needs are never looked at.
 */
public final class Outliner {

  private static final char TRIGGER_ESCAPE = '\\';
  private static final int MAX_STAGES = 5_000;
  private static final int MAX_NAMES = 20;

  private final Draft draft;
  private final Map<ImageWish.Key, ResolvedImage> known;
  private final List<Section> sections = new ArrayList<>();
  private final Map<Integer, StageOutline> outlined = new java.util.TreeMap<>();
  private final Set<Integer> needed = new HashSet<>();
  private final List<Failure> failures = new ArrayList<>();
  private final List<Finding> warnings = new ArrayList<>();
  private Map<String, String> globals = Map.of();
  private int target = -1;

  private Outliner(Draft draft, Map<ImageWish.Key, ResolvedImage> known) {
    this.draft = draft;
    this.known = known;
  }

  /**
   * The outline as far as it can be drawn with these images. It is complete when {@code known} has
   * all of its {@link Outline#wishes()}.
   */
  public static Outline outline(Draft draft, Map<ImageWish.Key, ResolvedImage> known) {
    return new Outliner(draft, known).draw();
  }

  private Outline draw() {
    try {
      cut();
      globals = Globals.of(draft);
      target = targets();
      draft.request().uncached().forEach(this::refuseUnlessStage);
      for (var index = sections.size() - 1; index >= 0; index--) {
        if (needed.contains(index)) {
          outlineStage(index);
        }
      }
    } catch (FailureException failed) {
      failures.add(failed.failure());
    }
    return new Outline(List.copyOf(outlined.values()), target, globals, failures, warnings);
  }

  private void cut() {
    for (var instruction : draft.instructions()) {
      if (instruction instanceof Instruction.From from) {
        if (sections.size() == MAX_STAGES) {
          throw Refusals.invalid(
                  "plan-too-large",
                  "there are more than " + MAX_STAGES + " stages",
                  "make several Dockerfiles of it",
                  from.source().at())
              .toException();
        }
        sections.add(new Section(sections.size(), from, new ArrayList<>()));
      } else if (!sections.isEmpty()) {
        sections.getLast().instructions().add(instruction);
      } else if (!(instruction instanceof Instruction.Arg)) {
        throw Refusals.invalid(
                "instruction-before-from",
                "only ARG may stand before the first FROM, not: " + instruction.source().text(),
                "begin the stage with FROM",
                instruction.source().at())
            .toException();
      }
    }
    if (sections.isEmpty()) {
      throw Failure.of(
              "no-stage",
              draft.request().dockerfile().name() + " has no FROM",
              "begin it with FROM and an image, or FROM scratch")
          .toException();
    }
  }

  /** Notes every stage to build and gives the one that becomes the image. */
  private int targets() {
    var wanted = draft.request().targets();
    if (wanted.isEmpty()) {
      needed.add(sections.size() - 1);
      return sections.size() - 1;
    }
    wanted.forEach(name -> needed.add(target(name)));
    return target(wanted.getFirst());
  }

  /** Of stages that have no name none can be meant. */
  private void refuseUnlessStage(String name) {
    if (sections.stream().noneMatch(section -> section.isCalled(name))) {
      throw Failure.of(
              "no-such-stage",
              "--no-cache-filter=" + name + ": there is no stage \"" + name + "\"",
              "the stages are: " + displayNames())
          .toException();
    }
  }

  private String displayNames() {
    return String.join(", ", names().stream().limit(MAX_NAMES).toList());
  }

  private List<String> names() {
    return sections.stream().map(Section::displayName).toList();
  }

  private int target(String wanted) {
    for (var section : sections.reversed()) {
      if (section.isCalled(wanted)) {
        return section.index();
      }
    }
    var number = number(wanted);
    if (number.isPresent() && number.get() < sections.size()) {
      return number.get();
    }
    throw Failure.of(
            "no-such-target",
            "there is no stage \"" + wanted + "\" to build",
            Suggestion.orElse(
                wanted.toLowerCase(Locale.ROOT), names(), "the stages are: " + displayNames()))
        .toException();
  }

  private void outlineStage(int index) {
    var section = sections.get(index);
    try {
      var platform = platform(section.from());
      var replacement = replacement(section, platform);
      var base = replacement.isPresent() ? replacement.get() : base(section, platform);
      var items = new ArrayList<Item>(files(base, section.from().source().at()));
      for (var trigger : triggers(base, section.from().source().at())) {
        addItem(section, trigger, items);
      }
      if (replacement.isEmpty()) {
        for (var instruction : section.instructions()) {
          addItem(section, instruction, items);
        }
      }
      outlined.put(
          index,
          new StageOutline(index, section.displayName(), section.from(), base, platform, items));
    } catch (FailureException failed) {
      failures.add(failed.failure());
    }
  }

  /** The named context a stage of its name is, instead of what the Dockerfile says. */
  private Optional<Reference> replacement(Section section, Platform platform) {
    var names = new Names(draft.request(), sections);
    var at = section.from().source().at();
    return section.from().name().flatMap(name -> names.named(name, platform, at));
  }

  /** The step that brings the files of a context a stage builds on. */
  private List<Item> files(Reference base, SourceLocation at) {
    return base instanceof Reference.ToFiles
        ? parsed(List.of("COPY . /"), at, TRIGGER_ESCAPE).stream()
            .map(copy -> new Item(copy, Optional.of(base), Map.of()))
            .toList()
        : List.of();
  }

  private Platform platform(Instruction.From from) {
    if (from.platform().isEmpty()) {
      return draft.request().platform();
    }
    var text = expansion(from.source()).word(from.platform().get());
    try {
      return Platform.parse(text);
    } catch (IllegalArgumentException wrong) {
      throw Refusals.invalid(
              "invalid-platform",
              String.valueOf(wrong.getMessage()),
              "write --platform=linux/amd64, or another one",
              from.source().placeOf("--platform=" + from.platform().get()))
          .toException(wrong);
    }
  }

  private Reference base(Section section, Platform platform) {
    var from = section.from();
    var at = from.source().placeOf(from.image());
    var name = expansion(from.source()).word(from.image());
    if (name.isBlank()) {
      throw Refusals.invalid(
              "no-base",
              "FROM " + from.image() + " names no image: a variable in it has no value",
              "declare it with ARG before the first FROM, or give it with --build-arg",
              at)
          .toException();
    }
    if (name.equals("scratch")) {
      return new Reference.Scratch();
    }
    var names = new Names(draft.request(), sections);
    var reference = names.base(name, section.index(), platform, at);
    if (reference instanceof Reference.ToStage(var parent)) {
      needed.add(parent);
      if (from.platform().isPresent()) {
        warnings.add(
            new Finding(
                Rule.PLATFORM_OF_STAGE.ruleName(),
                "--platform has no effect on FROM " + name + ": a stage keeps its own platform",
                Optional.of(at)));
      }
    }
    return reference;
  }

  private void addItem(Section section, Instruction instruction, List<Item> items) {
    try {
      items.add(
          new Item(instruction, reference(section, instruction), mounted(section, instruction)));
    } catch (FailureException failed) {
      failures.add(failed.failure());
    }
  }

  private Optional<Reference> reference(Section section, Instruction instruction) {
    var from =
        instruction instanceof Instruction.Copy copy
            ? copy.transfer().from()
            : instruction instanceof Instruction.Add add
                ? add.transfer().from()
                : Optional.<String>empty();
    return from.map(name -> origin(name, section, instruction.source().placeOf("--from=" + name)));
  }

  private Map<String, Reference> mounted(Section section, Instruction instruction) {
    if (!(instruction instanceof Instruction.Run run)) {
      return Map.of();
    }
    var mounted = new LinkedHashMap<String, Reference>();
    for (var mount : RunFlags.of(run.flags(), run.source()::placeOf).mounts()) {
      // The first of a name is enough: the others stand for the same.
      mount
          .from()
          .ifPresent(name ->
              mounted.computeIfAbsent(
                  name,
                  _ ->
                      name.equals("scratch")
                          ? new Reference.Scratch()
                          : origin(name, section, run.source().placeOf(mount.written()))));
    }
    return mounted;
  }

  private Reference origin(String name, Section section, SourceLocation at) {
    var names = new Names(draft.request(), sections);
    var reference = names.origin(name, section.index(), at);
    if (reference instanceof Reference.ToStage(var stage)) {
      needed.add(stage);
    }
    return reference;
  }

  private List<Instruction> triggers(Reference base, SourceLocation at) {
    return switch (base) {
      case Reference.ToImage(var wish) -> {
        var image = known.get(wish.key());
        yield image == null ? List.of() : parsed(image.config().onBuild(), at, TRIGGER_ESCAPE);
      }
      case Reference.ToStage(var parent) ->
          replacement(sections.get(parent), draft.request().platform()).isPresent()
              ? List.of()
              : parsed(sections.get(parent).triggers(), at, draft.escape());
      case Reference.Scratch _, Reference.ToFiles _ -> List.of();
    };
  }

  private List<Instruction> parsed(List<String> triggers, SourceLocation at, char escape) {
    var instructions = new ArrayList<Instruction>();
    for (var trigger : triggers) {
      var result = DockerfileParser.parseTrigger(trigger, at, escape);
      instructions.addAll(result.instructions());
      failures.addAll(result.errors());
      warnings.addAll(result.warnings());
    }
    return instructions;
  }

  private Expansion expansion(Instruction.Source source) {
    return new Expansion(Variables.scope(globals), draft.escape(), source);
  }

  static Optional<Integer> number(String text) {
    return text.matches("[0-9]{1,6}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
  }

  /** A FROM and what follows it. */
  record Section(int index, Instruction.From from, List<Instruction> instructions) {

    String displayName() {
      return from.name().orElse("stage-" + index);
    }

    boolean isCalled(String name) {
      return from.name().filter(name::equalsIgnoreCase).isPresent();
    }

    List<String> triggers() {
      var triggers = new ArrayList<String>();
      for (var instruction : instructions) {
        if (instruction instanceof Instruction.OnBuild onBuild) {
          triggers.add(onBuild.trigger());
        }
      }
      return triggers;
    }
  }
}
