package dev.birgus.planner.plan;

import dev.birgus.infra.oci.Platform;
import dev.birgus.planner.instruct.Instruction;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The variables of a whole Dockerfile: platform arguments, which exist without being declared, and
 * the arguments before the first FROM.
 */
final class Globals {

  /** The argument that gives everything new its time, in seconds since 1970. */
  static final String SOURCE_DATE_EPOCH = "SOURCE_DATE_EPOCH";

  private static final Set<String> PROXIES =
      Set.of("http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "all_proxy");

  private static final Set<String> FOR_BUILDER =
      Set.of("BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE");

  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "BUILDKIT_SYNTAX",
          "BUILDKIT_SANDBOX_HOSTNAME",
          "BUILDKIT_MULTI_PLATFORM",
          "BUILDKIT_SBOM_SCAN_CONTEXT",
          "BUILDKIT_SBOM_SCAN_STAGE");

  private Globals() {}

  /** The arguments before the first FROM with their values; a --build-arg wins over a default. */
  static Map<String, String> of(Draft draft) {
    var globals = platformArguments(draft);
    var given = draft.request().arguments();
    for (var instruction : draft.instructions()) {
      if (instruction instanceof Instruction.From) {
        break;
      }
      if (instruction instanceof Instruction.Arg arg) {
        var words = new Expansion(Variables.scope(globals), draft.escape(), arg.source());
        for (var argument : arg.arguments()) {
          var name = argument.name();
          var value = given.get(name);
          if (value == null && argument.defaultValue().isPresent()) {
            value = words.word(argument.defaultValue().get());
          }
          if (value != null) {
            globals.put(name, value);
          }
        }
      }
    }
    return globals;
  }

  /** Whether --build-arg may set this name though no ARG declares it. */
  static boolean isPredefined(String name) {
    return isProxy(name) || name.startsWith("BUILDKIT_") || name.equals(SOURCE_DATE_EPOCH);
  }

  /** Whether it asks BuildKit for something that would be missed in what is built. */
  static boolean isWithoutEffect(String name) {
    return WITHOUT_EFFECT.contains(name);
  }

  /** Whether an argument of this name is for the builder alone: no command and no word sees it. */
  static boolean isForBuilder(String name) {
    return FOR_BUILDER.contains(name);
  }

  static boolean isProxy(String name) {
    return PROXIES.contains(name.toLowerCase(Locale.ROOT));
  }

  /** What RUN sees of the proxies given as arguments: each in upper and in lower case. */
  static Map<String, String> proxies(Map<String, String> arguments) {
    var proxies = new LinkedHashMap<String, String>();
    arguments.forEach((name, value) -> {
      if (isProxy(name)) {
        proxies.put(name, value);
        proxies.putIfAbsent(name.toUpperCase(Locale.ROOT), value);
        proxies.putIfAbsent(name.toLowerCase(Locale.ROOT), value);
      }
    });
    return proxies;
  }

  private static Map<String, String> platformArguments(Draft draft) {
    var globals = new LinkedHashMap<String, String>();
    addPlatform(globals, "BUILD", draft.buildPlatform());
    addPlatform(globals, "TARGET", draft.request().platform());
    var targets = draft.request().targets().stream();
    globals.put("TARGETSTAGE", targets.findFirst().or(() -> lastStage(draft)).orElse("default"));
    draft
        .request()
        .arguments()
        .forEach((name, value) -> globals.computeIfPresent(name, (_, _) -> value));
    return globals;
  }

  private static Optional<String> lastStage(Draft draft) {
    for (var instruction : draft.instructions().reversed()) {
      if (instruction instanceof Instruction.From from) {
        return from.name();
      }
    }
    return Optional.empty();
  }

  private static void addPlatform(Map<String, String> globals, String prefix, Platform platform) {
    globals.put(prefix + "PLATFORM", platform.toString());
    globals.put(prefix + "OS", platform.os());
    globals.put(prefix + "OSVERSION", platform.osVersion().orElse(""));
    globals.put(prefix + "ARCH", platform.architecture());
    globals.put(prefix + "VARIANT", platform.variant().orElse(""));
  }
}
