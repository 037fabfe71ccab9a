package dev.birgus.planner.lint;

import dev.birgus.infra.oci.ImageReference;
import dev.birgus.infra.oci.Platform;
import dev.birgus.planner.instruct.Instruction;
import dev.birgus.planner.syntax.Excerpt;
import java.util.Optional;
import java.util.Set;

/** The rules about what FROM builds on. */
final class FromRules {

  private final Findings findings;
  private final GlobalScope globals;
  private final char escape;

  FromRules(Findings findings, GlobalScope globals, char escape) {
    this.findings = findings;
    this.globals = globals;
    this.escape = escape;
  }

  /**
   * Looks at a FROM.
   *
   * @param earlier names of the stages before it, in lower case
   */
  void check(Instruction.From from, Set<String> earlier) {
    var image = new Lookups(globals.values(), escape);
    image.word(from.image());
    undeclared(image, from);
    needsArguments(from, earlier);
    if (from.platform().isPresent()) {
      var platform = new Lookups(globals.values(), escape);
      var value = platform.word(from.platform().get());
      undeclared(platform, from);
      value.ifPresent(text -> platform(from, platform, text));
    }
  }

  private void undeclared(Lookups words, Instruction.From from) {
    for (var name : words.missing()) {
      if (!globals.declared().contains(name)) {
        findings.add(
            Rule.UNDEFINED_ARG_IN_FROM,
            from.source().at(),
            "FROM uses "
                + Excerpt.of("$" + name)
                + ", which no ARG before the first FROM declares"
                + NearMiss.question(findings.nearMiss().of(name, globals.declared())));
      }
    }
  }

  private void needsArguments(Instruction.From from, Set<String> earlier) {
    var words = new Lookups(globals.defaults(), escape);
    var name = words.word(from.image());
    var isConstant = words.found().isEmpty() && words.missing().isEmpty();
    if (!isConstant && name.isPresent() && !earlier.contains(name.get()) && !isImage(name.get())) {
      findings.add(
          Rule.INVALID_DEFAULT_ARG_IN_FROM,
          from.source().at(),
          "FROM "
              + Excerpt.of(from.image())
              + " names no image unless a --build-arg is given: with the defaults it is "
              + Excerpt.of(name.get()));
    }
  }

  private static boolean isImage(String name) {
    try {
      return !ImageReference.parse(name).repository().isEmpty();
    } catch (IllegalArgumentException none) {
      return false;
    }
  }

  private void platform(Instruction.From from, Lookups words, String value) {
    var written = from.platform().orElse("");
    if (words.found().isEmpty() && words.missing().isEmpty()) {
      constant(from, value);
    } else if (words.missing().isEmpty()
        && words.found().equals(Set.of(GlobalScope.TARGET_PLATFORM))
        && value.equals(globals.values().get(GlobalScope.TARGET_PLATFORM))) {
      findings.add(
          Rule.REDUNDANT_TARGET_PLATFORM,
          from.source().at(),
          "--platform=" + written + " is what FROM does without it");
    }
  }

  private void constant(Instruction.From from, String value) {
    var name = from.name().orElse("");
    platform(value)
        .filter(
            platform -> !name.contains(platform.os()) && !name.contains(platform.architecture()))
        .ifPresent(_ ->
            findings.add(
                Rule.FROM_PLATFORM_FLAG_CONST_DISALLOWED,
                from.source().at(),
                "--platform=" + value + " is fixed, whatever platform is asked for"));
  }

  private static Optional<Platform> platform(String text) {
    try {
      return Optional.of(Platform.parse(text));
    } catch (IllegalArgumentException invalid) {
      return Optional.empty();
    }
  }
}
