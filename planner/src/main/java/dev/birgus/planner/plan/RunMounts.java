package dev.birgus.planner.plan;

import dev.birgus.infra.contracts.ContextEntry;
import dev.birgus.infra.contracts.ContextRef;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.FileOrigin;
import dev.birgus.infra.contracts.RunMount;
import dev.birgus.infra.oci.Platform;
import dev.birgus.infra.pattern.PathFilter;
import dev.birgus.planner.instruct.MountFlag;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The mounts of a RUN: words, whose files they are, and in which order they are mounted, which is
 * BuildKit's: files and memory by the names of their targets, then secrets, then agents.
 */
final class RunMounts {

  /** Where a secret is that has no target of its own. */
  private static final String SECRETS = "/run/secrets/";

  private static final String AGENTS = "/run/buildkit/ssh_agent.";

  private final Surroundings surroundings;
  private final Map<String, Reference> references;
  private final Expansion expansion;
  private final String workingDirectory;
  private final Platform platform;

  /**
   * Planning for one RUN.
   *
   * @param references what the names after {@code from=} stand for
   */
  RunMounts(
      Surroundings surroundings,
      Map<String, Reference> references,
      Expansion expansion,
      String workingDirectory,
      Platform platform) {
    this.surroundings = surroundings;
    this.references = references;
    this.expansion = expansion;
    this.workingDirectory = workingDirectory;
    this.platform = platform;
  }

  /**
   * A mount.
   *
   * @param read the entries of the context it shows
   */
  record Planned(RunMount mount, List<ContextEntry> read) {
    Planned {
      read = List.copyOf(read);
    }
  }

  /** Files and what the result depends on. */
  private record Origin(Optional<FileOrigin> from, String source, List<ContextEntry> read) {}

  /**
   * Plans all mounts.
   *
   * @return empty if a stage or files have to be known first
   */
  Optional<List<Planned>> plan(List<MountFlag> flags) {
    var files = new ArrayList<Planned>();
    var secrets = new ArrayList<Planned>();
    var agents = new ArrayList<Planned>();
    var complete = true;
    for (var flag : flags) {
      var options = MountOptions.of(flag, expansion);
      switch (options.type()) {
        case BIND, CACHE -> {
          var planned = ofFiles(options);
          complete &= planned.isPresent();
          planned.ifPresent(files::add);
        }
        case TMPFS ->
            files.add(
                new Planned(
                    new RunMount.Tmpfs(target(options), options.size(), options.writable()),
                    List.of()));
        case SECRET -> secrets.add(new Planned(secret(options), List.of()));
        case SSH -> agents.add(new Planned(agent(options, agents.size()), List.of()));
      }
    }
    files.sort(Comparator.comparing(planned -> targetOf(planned.mount())));
    files.addAll(secrets);
    files.addAll(agents);
    return complete ? Optional.of(List.copyOf(files)) : Optional.empty();
  }

  private static String targetOf(RunMount mount) {
    return switch (mount) {
      case RunMount.Bind bind -> bind.target();
      case RunMount.Cache cache -> cache.target();
      case RunMount.Tmpfs tmpfs -> tmpfs.target();
      case RunMount.Secret secret -> secret.target().orElse("");
      case RunMount.Agent agent -> agent.target();
      case RunMount.Script script -> script.target();
    };
  }

  private Optional<Planned> ofFiles(MountOptions options) {
    var target = target(options);
    return origin(options)
        .map(origin -> {
          var mount =
              options.type() == MountOptions.Type.BIND
                  ? new RunMount.Bind(target, origin.from(), origin.source(), options.writable())
                  : new RunMount.Cache(
                      target,
                      options.id().isEmpty() ? target : options.id(),
                      platform,
                      options.sharing(),
                      options.writable(),
                      origin.from(),
                      origin.source(),
                      options.access());
          return new Planned(mount, origin.read());
        });
  }

  private String target(MountOptions options) {
    var target = ContextPath.absolute(workingDirectory, options.target());
    if (options.target().isEmpty() || target.equals("/")) {
      throw invalid(
          options,
          options.target().isEmpty()
              ? "--mount=type=" + options.type().written() + " has no target"
              : "--mount: nothing can be mounted at /",
          "write target=/path, the place where the command sees it");
    }
    return target;
  }

  private Optional<Origin> origin(MountOptions options) {
    var source = ContextPath.inRoot(options.source());
    if (options.from().isEmpty()) {
      return options.type() == MountOptions.Type.CACHE
          ? Optional.of(new Origin(Optional.empty(), source, List.of()))
          : inContext(surroundings.request().context(), source, options);
    }
    var reference = references.get(options.from());
    return switch (reference) {
      case null -> throw new IllegalArgumentException("no reference: " + options.from());
      case Reference.Scratch _ -> Optional.of(new Origin(Optional.empty(), source, List.of()));
      case Reference.ToFiles(var context) -> inContext(context, source, options);
      case Reference.ToStage _, Reference.ToImage _ ->
          surroundings
              .origin(reference)
              .map(from -> new Origin(Optional.of(from), source, List.of()));
    };
  }

  private Optional<Origin> inContext(ContextRef context, String source, MountOptions options) {
    var all = PathFilter.of(Optional.empty(), List.of());
    var selector = new SourceSelector(surroundings.files(context), all, false);
    return switch (selector.select(literal(source), source)) {
      case Selection.Selected(var paths, var read) ->
          Optional.of(
              new Origin(Optional.of(new FileOrigin.Context(context)), paths.getFirst(), read));
      case Selection.Unknown(var root) -> {
        surroundings.needs(context, root);
        yield Optional.empty();
      }
      case Selection.Nothing(var advice) ->
          throw Refusals.invalid(
                  "source-not-found",
                  "--mount: there is no " + source + " in the build context",
                  advice,
                  options.place())
              .toException();
    };
  }

  /** The pattern that matches this path and nothing else. */
  private static String literal(String path) {
    var pattern = new StringBuilder();
    for (var at = 0; at < path.length(); at++) {
      if ("*?[\\".indexOf(path.charAt(at)) >= 0) {
        pattern.append('\\');
      }
      pattern.append(path.charAt(at));
    }
    return pattern.toString();
  }

  private RunMount secret(MountOptions options) {
    if (!options.from().isEmpty()) {
      throw invalid(options, "--mount=type=secret has no from", "name the secret with id=");
    }
    if (!options.source().isEmpty() && !options.id().isEmpty()) {
      throw invalid(options, "--mount=type=secret has both source and id", "keep id");
    }
    var named = options.source().isEmpty() ? options.id() : options.source();
    var id = named.isEmpty() ? ContextPath.name(options.target()) : named;
    if (id.isEmpty()) {
      throw invalid(
          options, "--mount=type=secret has neither id nor target", "name the secret with id=");
    }
    var target =
        options.target().isEmpty()
            ? options.environment().isPresent()
                ? Optional.<String>empty()
                : Optional.of(SECRETS + ContextPath.name(id))
            : Optional.of(target(options));
    return new RunMount.Secret(
        id, target, options.environment(), options.required(), options.access());
  }

  private RunMount agent(MountOptions options, int before) {
    if (!options.source().isEmpty() || !options.from().isEmpty()) {
      throw invalid(
          options, "--mount=type=ssh has neither source nor from", "name the agent with id=");
    }
    return new RunMount.Agent(
        options.id().isEmpty() ? "default" : options.id(),
        options.target().isEmpty() ? AGENTS + before : target(options),
        options.required(),
        options.access());
  }

  private static FailureException invalid(MountOptions options, String message, String advice) {
    return Refusals.invalid("invalid-mount", message, advice, options.place()).toException();
  }
}
