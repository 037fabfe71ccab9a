package dev.birgus.planner.plan;

import dev.birgus.infra.contracts.BuildRequest;
import dev.birgus.infra.contracts.BuildRequest.NamedContext;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.infra.oci.ImageReference;
import dev.birgus.infra.oci.Platform;
import dev.birgus.planner.instruct.Suggestion;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What names stand for: an earlier stage first, then a named context of the request, then an image
 * of a registry. A stage that has the name of a context is that context, whatever it is built of.
 */
record Names(BuildRequest request, List<Outliner.Section> sections) {

  /** What FROM builds on. A number is an image's name here, not a stage's. */
  Reference base(String name, int stage, Platform platform, SourceLocation at) {
    var earlier = stageBefore(stage, name);
    if (earlier.isPresent()) {
      return new Reference.ToStage(earlier.get());
    }
    return named(name, platform, at)
        .orElseGet(() ->
            new Reference.ToImage(
                wish(
                    name, platform, at, laterStage(stage, name).or(() -> nearStage(stage, name)))));
  }

  /** What {@code --from} takes files of; a number is a stage's. */
  Reference origin(String name, int stage, SourceLocation at) {
    var earlier = stageBefore(stage, name).or(() -> Outliner.number(name));
    if (earlier.isPresent() && earlier.get() < stage) {
      return new Reference.ToStage(earlier.get());
    }
    var later = laterStage(stage, name);
    if (earlier.isPresent() || later.isPresent() || sections.get(stage).isCalled(name)) {
      throw Refusals.invalid(
              "forward-reference",
              "--from=" + name + " is not an earlier stage",
              "a stage takes files of the stages before it only; move it up",
              at)
          .toException();
    }
    if (name.equals("scratch")) {
      throw empty(name, at);
    }
    var reference =
        named(name, request.platform(), at)
            .orElseGet(() ->
                new Reference.ToImage(
                    wish(name, request.platform(), at, noSuchStage(stage, name))));
    if (reference instanceof Reference.Scratch) {
      throw empty(name, at);
    }
    return reference;
  }

  private static FailureException empty(String name, SourceLocation at) {
    return Refusals.invalid(
            "invalid-from", "--from=" + name + ": there is nothing in scratch", "name a stage", at)
        .toException();
  }

  /** The named context of this name; the empty image and the main context cannot be replaced. */
  Optional<Reference> named(String name, Platform platform, SourceLocation at) {
    return namedContext(name)
        .map(context ->
            switch (context) {
              case NamedContext.Image(var source) ->
                  new Reference.ToImage(
                      new ImageWish(name, source, platform, at, Optional.empty()));
              case NamedContext.Files(var files) -> new Reference.ToFiles(files);
              case NamedContext.Nothing() -> new Reference.Scratch();
            });
  }

  private static ImageWish wish(
      String name, Platform platform, SourceLocation at, Optional<String> remark) {
    try {
      var source = new ImageSource.FromRegistry(ImageReference.parse(name));
      return new ImageWish(name, source, platform, at, remark);
    } catch (IllegalArgumentException wrong) {
      throw Refusals.invalid(
              "invalid-image-name",
              String.valueOf(wrong.getMessage()),
              "write [registry/]repository[:tag][@digest], or the name of an earlier stage",
              at)
          .toException(wrong);
    }
  }

  private Optional<Integer> stageBefore(int stage, String name) {
    for (var index = stage - 1; index >= 0; index--) {
      if (sections.get(index).isCalled(name)) {
        return Optional.of(index);
      }
    }
    return Optional.empty();
  }

  /** What to think of if the registry has no image of a name that looks like a stage's. */
  private Optional<String> noSuchStage(int stage, String name) {
    if (name.indexOf('/') >= 0 || name.indexOf(':') >= 0 || name.indexOf('@') >= 0) {
      return Optional.empty();
    }
    var near = nearStage(stage, name);
    if (near.isPresent()) {
      return near;
    }
    var names = names(stage);
    return Optional.of(
        "no stage before this one is called "
            + name
            + (names.isEmpty() ? "" : " (but " + String.join(", ", names) + ")")
            + ": it is taken for an image");
  }

  private Optional<String> nearStage(int stage, String name) {
    return Suggestion.nearest(name.toLowerCase(Locale.ROOT), names(stage))
        .map(near -> "did you mean the stage " + near + "?");
  }

  private List<String> names(int stage) {
    return sections.subList(0, stage).stream().map(Outliner.Section::displayName).toList();
  }

  private Optional<String> laterStage(int stage, String name) {
    return sections.stream()
        .filter(section -> section.index() > stage && section.isCalled(name))
        .findFirst()
        .map(later ->
            "stage "
                + name
                + " begins at "
                + later.from().source().at()
                + ", after this one: a stage builds on earlier stages only");
  }

  private Optional<NamedContext> namedContext(String name) {
    if (name.equalsIgnoreCase("scratch") || name.equalsIgnoreCase("context")) {
      return Optional.empty();
    }
    var exact = request.namedContexts().get(name);
    if (exact != null) {
      return Optional.of(exact);
    }
    for (var entry : request.namedContexts().entrySet()) {
      if (entry.getKey().equalsIgnoreCase(name) || isSameImage(entry.getKey(), name)) {
        return Optional.of(entry.getValue());
      }
    }
    return Optional.empty();
  }

  private static boolean isSameImage(String one, String other) {
    try {
      var first = ImageReference.parse(one);
      var second = ImageReference.parse(other);
      return first.repositoryName().equals(second.repositoryName())
          && first.digestOrTag().equals(second.digestOrTag());
    } catch (IllegalArgumentException notAnImage) {
      return false;
    }
  }
}
