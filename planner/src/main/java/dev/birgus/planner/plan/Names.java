package dev.birgus.planner.plan;

import dev.birgus.infra.contracts.BuildRequest;
import dev.birgus.infra.contracts.BuildRequest.NamedContext;
import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.infra.oci.ImageReference;
import dev.birgus.infra.oci.Platform;
import java.util.List;
import java.util.Optional;

/**
 * What names stand for: a named context of the request first, then an earlier stage, then an image
 * of a registry.
 */
record Names(BuildRequest request, List<Outliner.Section> sections) {

  /** What FROM builds on. A number is an image's name here, not a stage's. */
  Reference base(String name, int stage, Platform platform, SourceLocation at) {
    var named = namedContext(name);
    if (named.isPresent()) {
      return switch (named.get()) {
        case NamedContext.Image(var source) ->
            new Reference.ToImage(new ImageWish(name, source, platform, at, Optional.empty()));
        case NamedContext.Files _ ->
            throw Refusals.notSupportedYet(
                    "FROM " + name + ", a build context that is a directory,",
                    "use FROM scratch and COPY --from=" + name,
                    at)
                .toException();
      };
    }
    var earlier = stageBefore(stage, name);
    if (earlier.isPresent()) {
      return new Reference.ToStage(earlier.get());
    }
    return new Reference.ToImage(wish(name, platform, at, laterStage(stage, name)));
  }

  /** What {@code --from} takes files of; a number is a stage's. */
  Reference origin(String name, int stage, SourceLocation at) {
    var named = namedContext(name);
    if (named.isPresent()) {
      return switch (named.get()) {
        case NamedContext.Image(var source) ->
            new Reference.ToImage(
                new ImageWish(name, source, request.platform(), at, Optional.empty()));
        case NamedContext.Files(var context) -> new Reference.ToFiles(context);
      };
    }
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
      throw Refusals.invalid(
              "invalid-from", "--from=scratch: there is nothing in scratch", "name a stage", at)
          .toException();
    }
    return new Reference.ToImage(wish(name, request.platform(), at, Optional.empty()));
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
