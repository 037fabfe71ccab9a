package dev.birgus.cli.flags;

import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.credentials.BuiltInSource;
import dev.birgus.infra.oci.ImageReference;
import dev.birgus.infra.registry.PullRoutes;
import dev.birgus.infra.registry.PullRoutes.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads which registries stand in for others, and where credentials come from. */
final class RegistryChoices {

  private static final String MAP = "--registry-map";
  private static final String MIRROR = "--registry-mirror";

  private RegistryChoices() {}

  /**
   * Where base images are pulled from: the map, what its variable adds, the mirrors, and what
   * theirs does.
   *
   * @throws FailureException named {@code bad-flag-value} or {@code bad-variable}
   */
  static PullRoutes routes(ParsedFlags flags, Map<String, String> environment) {
    var targets = new LinkedHashMap<String, List<Target>>();
    for (var value : given(flags, "registry-map")) {
      addPairs(targets, MAP, value);
    }
    var variable = environment.getOrDefault("KANIKO_REGISTRY_MAP", "");
    if (!variable.isEmpty()) {
      addPairs(targets, "KANIKO_REGISTRY_MAP", variable);
    }
    for (var value : given(flags, "registry-mirror")) {
      add(targets, ImageReference.DOCKER_HUB, target(MIRROR, value, value));
    }
    var mirror = environment.getOrDefault("KANIKO_REGISTRY_MIRROR", "");
    if (!mirror.isEmpty()) {
      var target = target("KANIKO_REGISTRY_MIRROR", mirror, mirror);
      add(targets, ImageReference.DOCKER_HUB, target);
    }
    return new PullRoutes(targets, !flags.on("skip-default-registry-fallback"));
  }

  /** The values given; a job's variable that is empty gives none. */
  private static List<String> given(ParsedFlags flags, String name) {
    return flags.list(name).stream().filter(value -> !value.isEmpty()).toList();
  }

  private static void addPairs(Map<String, List<Target>> targets, String name, String value) {
    for (var pair : value.split(";", -1)) {
      var equals = pair.indexOf('=');
      if (equals < 1) {
        throw wrong(name, value, "write REGISTRY=HOST[:PORT][/PATH], with ; between several");
      }
      var place = target(name, value, pair.substring(equals + 1).strip());
      add(targets, canonical(pair.substring(0, equals).strip()), place);
    }
  }

  private static void add(Map<String, List<Target>> targets, String registry, Target target) {
    targets.computeIfAbsent(registry, _ -> new ArrayList<>()).add(target);
  }

  private static String canonical(String registry) {
    return registry.equals("docker.io") || registry.equals("registry-1.docker.io")
        ? ImageReference.DOCKER_HUB
        : registry;
  }

  private static Target target(String name, String value, String place) {
    try {
      return Target.parse(place);
    } catch (IllegalArgumentException _) {
      throw wrong(
          name, value, "\"" + place + "\" is not HOST[:PORT][/PATH], without http:// or https://");
    }
  }

  /**
   * The built-in sources of credentials that are asked.
   *
   * @throws FailureException named {@code bad-flag-value}
   */
  static List<BuiltInSource> credentialSources(ParsedFlags flags) {
    if (!flags.isGiven("credential-helpers")) {
      return List.of(BuiltInSource.values());
    }
    var sources = new ArrayList<BuiltInSource>();
    for (var value : flags.list("credential-helpers")) {
      for (var word : value.split(",")) {
        if (!word.isBlank()) {
          sources.add(
              BuiltInSource.of(word.strip())
                  .orElseThrow(() ->
                      wrong(
                          "--credential-helpers",
                          value,
                          "write env, google, ecr, acr or gitlab, or nothing for none of them")));
        }
      }
    }
    return sources.stream().distinct().toList();
  }

  private static FailureException wrong(String name, String value, String expected) {
    return name.startsWith("--")
        ? FlagParser.failure(
            "bad-flag-value",
            "invalid argument \"" + value + "\" for \"" + name + "\" flag: " + expected,
            "")
        : FlagParser.failure("bad-variable", name + "=" + value + ": " + expected, "");
  }
}
