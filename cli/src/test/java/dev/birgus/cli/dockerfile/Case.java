package dev.birgus.cli.dockerfile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Dockerfile, its context and what must come of it. What is not stated is not compared, but
 * always: the build succeeds unless {@link #fails}, and history and layers fit each other.
 */
final class Case {

  /** How a build must fail. */
  record Refusal(int exitCode, List<String> texts) {}

  /** An image built before, that the case can name. */
  record Before(String dockerfile, ContextFiles files) {}

  final String name;
  final List<String> arguments = new ArrayList<>();
  final Map<String, Before> images = new LinkedHashMap<>();
  final List<String> printed = new ArrayList<>();
  final List<Arriving> needs = new ArrayList<>();
  ContextFiles files = ContextFiles.files();
  String dockerfile = "";
  Optional<String> tree = Optional.empty();
  Optional<String> config = Optional.empty();
  Optional<String> history = Optional.empty();
  Optional<String> layers = Optional.empty();
  Optional<Refusal> refusal = Optional.empty();
  boolean alsoBuildah;

  private Case(String name) {
    this.name = name;
  }

  /** A case; its name is a sentence. */
  static Case that(String name) {
    return new Case(name);
  }

  Case context(ContextFiles made) {
    files = made;
    return this;
  }

  /** The Dockerfile; {@code base} in it is a root with busybox and the users root and app. */
  Case dockerfile(String text) {
    dockerfile = text;
    return this;
  }

  /** An image of this name for FROM and --from. */
  Case image(String named, String from) {
    return image(named, from, ContextFiles.files());
  }

  Case image(String named, String from, ContextFiles context) {
    images.put(named, new Before(from, context));
    return this;
  }

  /** Further words of the command line; {@code %} in one is the folder of the case. */
  Case with(String... words) {
    arguments.addAll(List.of(words));
    return this;
  }

  /**
   * All that the image has, or has otherwise, or not any more, compared to {@code base}: lines as
   * {@link FileNode} writes them, sorted by path; what is gone is {@code - path}.
   */
  Case tree(String lines) {
    tree = Optional.of(lines);
    return this;
  }

  /** All members of the configuration beyond the usual PATH, one a line. */
  Case config(String lines) {
    config = Optional.of(lines);
    return this;
  }

  /**
   * The history after the base's: {@code layer} or {@code empty}, then the text, which may end with
   * {@code …} where the rest is free.
   */
  Case history(String lines) {
    history = Optional.of(lines);
    return this;
  }

  /** The names in the tars of the layers after the base's, a line {@code --} between layers. */
  Case layers(String lines) {
    layers = Optional.of(lines);
    return this;
  }

  /** The build must fail with this code and all these texts. */
  Case fails(int exitCode, String... texts) {
    refusal = Optional.of(new Refusal(exitCode, List.of(texts)));
    return this;
  }

  /** The build prints these texts. */
  Case prints(String... texts) {
    printed.addAll(List.of(texts));
    return this;
  }

  /** The tree and the configuration must also be those that buildah makes. */
  Case asBuildah() {
    alsoBuildah = true;
    return this;
  }

  /** The case is skipped until this has arrived. */
  Case needs(Arriving... parts) {
    needs.addAll(List.of(parts));
    return this;
  }

  @Override
  public String toString() {
    return name;
  }
}
