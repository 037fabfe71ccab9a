package dev.birgus.infra.credentials;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where credentials are looked for: docker's configuration first, in this order, and then the
 * built-in sources in theirs.
 *
 * @param inline the text of a docker config file ({@code DOCKER_AUTH_CONFIG})
 * @param files docker config files; those that are missing are passed over
 * @param programPath directories credential helpers are looked for in ({@code PATH})
 * @param helperLimit how long a credential helper may take
 * @param builtIn the built-in sources to ask, the first one first
 * @param environment what the built-in sources are told by; secrets among it
 */
public record CredentialSettings(
    Optional<String> inline,
    List<Path> files,
    List<Path> programPath,
    Duration helperLimit,
    List<BuiltInSource> builtIn,
    Map<String, String> environment) {

  private static final Duration HELPER_LIMIT = Duration.ofSeconds(30);

  /** No credentials at all. */
  public static final CredentialSettings NONE =
      new CredentialSettings(
          Optional.empty(), List.of(), List.of(), HELPER_LIMIT, List.of(), Map.of());

  public CredentialSettings {
    requireNonNull(inline, "inline");
    files = List.copyOf(files);
    programPath = List.copyOf(programPath);
    requireNonNull(helperLimit, "helperLimit");
    builtIn = List.copyOf(builtIn);
    environment = Map.copyOf(environment);
  }

  /**
   * The usual places: {@code DOCKER_AUTH_CONFIG}, {@code DOCKER_CONFIG} or {@code ~/.docker},
   * {@code REGISTRY_AUTH_FILE}, {@code XDG_RUNTIME_DIR/containers/auth.json}, and every built-in
   * source.
   *
   * @param environment of the process; variables that are empty count as missing
   */
  public static CredentialSettings fromEnvironment(Map<String, String> environment) {
    var files = new ArrayList<Path>();
    path(environment, "DOCKER_CONFIG")
        .or(() -> path(environment, "HOME").map(home -> home.resolve(".docker")))
        .map(directory -> directory.resolve("config.json"))
        .ifPresent(files::add);
    path(environment, "REGISTRY_AUTH_FILE").ifPresent(files::add);
    path(environment, "XDG_RUNTIME_DIR")
        .map(directory -> directory.resolve("containers/auth.json"))
        .ifPresent(files::add);
    var programs = new ArrayList<Path>();
    for (var directory : environment.getOrDefault("PATH", "").split(":")) {
      if (!directory.isEmpty()) {
        programs.add(Path.of(directory));
      }
    }
    return new CredentialSettings(
        value(environment, "DOCKER_AUTH_CONFIG"),
        files,
        programs,
        HELPER_LIMIT,
        List.of(BuiltInSource.values()),
        environment);
  }

  /** The same, with {@code .docker/config.json} in kaniko's directory after the other files. */
  public CredentialSettings with(Path kanikoDirectory) {
    var more = new ArrayList<>(files);
    var file = kanikoDirectory.resolve(".docker/config.json");
    if (!more.contains(file)) {
      more.add(file);
    }
    return new CredentialSettings(inline, more, programPath, helperLimit, builtIn, environment);
  }

  /** The same, asking these built-in sources in this order. */
  public CredentialSettings asking(List<BuiltInSource> sources) {
    return new CredentialSettings(inline, files, programPath, helperLimit, sources, environment);
  }

  /** Whether a built-in source does the work of a program {@code docker-credential-<name>}. */
  boolean standsInFor(String program) {
    return builtIn.stream().anyMatch(source -> source.programs().contains(program));
  }

  private static Optional<String> value(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(text -> !text.isBlank());
  }

  private static Optional<Path> path(Map<String, String> environment, String name) {
    return value(environment, name).map(Path::of);
  }

  /** Whether there is an inline configuration is said; what is in it is not. */
  @Override
  public String toString() {
    return "CredentialSettings[inline="
        + inline.isPresent()
        + ", files="
        + files
        + ", builtIn="
        + builtIn
        + "]";
  }
}
