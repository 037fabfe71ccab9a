package dev.birgus.planner.lint;

import dev.birgus.planner.instruct.Instruction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The variables FROM sees.
 *
 * @param values as the build has them
 * @param defaults as a build without any --build-arg has them
 * @param declared the names of all, with a value or without
 */
record GlobalScope(Map<String, String> values, Map<String, String> defaults, Set<String> declared) {

  static final String TARGET_PLATFORM = "TARGETPLATFORM";

  /** The arguments every Dockerfile has, and no image sets. */
  static final Set<String> PLATFORM_ARGUMENTS =
      Set.of(
          "BUILDPLATFORM",
          "BUILDOS",
          "BUILDOSVERSION",
          "BUILDARCH",
          "BUILDVARIANT",
          TARGET_PLATFORM,
          "TARGETOS",
          "TARGETOSVERSION",
          "TARGETARCH",
          "TARGETVARIANT",
          "TARGETSTAGE");

  static GlobalScope of(LintInput input) {
    var defaults = new LinkedHashMap<String, String>();
    input
        .globals()
        .forEach((name, value) -> {
          if (PLATFORM_ARGUMENTS.contains(name)) {
            defaults.put(name, value);
          }
        });
    var declared = new LinkedHashSet<>(input.globals().keySet());
    for (var arg : beforeFrom(input.instructions())) {
      for (var argument : arg.arguments()) {
        var words = new Lookups(defaults, input.file().escape());
        declared.add(argument.name());
        argument
            .defaultValue()
            .flatMap(words::word)
            .ifPresent(value -> defaults.put(argument.name(), value));
      }
    }
    return new GlobalScope(input.globals(), defaults, declared);
  }

  private static List<Instruction.Arg> beforeFrom(List<Instruction> instructions) {
    var arguments = new ArrayList<Instruction.Arg>();
    for (var instruction : instructions) {
      if (instruction instanceof Instruction.From) {
        break;
      }
      if (instruction instanceof Instruction.Arg arg) {
        arguments.add(arg);
      }
    }
    return arguments;
  }
}
