package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.oci.Platform;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything a user asks for, with nothing left to look up in a command line or an environment.
 *
 * @param dockerfile its name for messages, and its text
 * @param context the files COPY and ADD take
 * @param namedContexts images and directories that names in FROM and --from stand for
 * @param arguments values for ARG, in the order given
 * @param labels labels added to the image
 * @param targets names of the stages to build, the image being that of the first; empty for the
 *     last stage of the Dockerfile
 * @param uncached names of stages that are not to be taken from any cache
 * @param platform of the image
 * @param tags names the image is given in a tar, destinations included
 * @param deliveries where the image goes
 * @param options how to build
 * @param scheduling when and where to build
 */
public record BuildRequest(
    Dockerfile dockerfile,
    ContextRef context,
    Map<String, NamedContext> namedContexts,
    Map<String, String> arguments,
    Map<String, String> labels,
    List<String> targets,
    List<String> uncached,
    Platform platform,
    List<String> tags,
    List<Delivery> deliveries,
    BuildOptions options,
    Scheduling scheduling) {

  public BuildRequest {
    requireNonNull(dockerfile, "dockerfile");
    requireNonNull(context, "context");
    namedContexts = Collections.unmodifiableMap(new LinkedHashMap<>(namedContexts));
    arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    targets = List.copyOf(targets);
    uncached = List.copyOf(uncached);
    requireNonNull(platform, "platform");
    tags = List.copyOf(tags);
    deliveries = List.copyOf(deliveries);
    requireNonNull(options, "options");
    requireNonNull(scheduling, "scheduling");
  }

  /** A request of which nothing special is said about when and where. */
  public BuildRequest(
      Dockerfile dockerfile,
      ContextRef context,
      Map<String, NamedContext> namedContexts,
      Map<String, String> arguments,
      Map<String, String> labels,
      List<String> targets,
      List<String> uncached,
      Platform platform,
      List<String> tags,
      List<Delivery> deliveries,
      BuildOptions options) {
    this(
        dockerfile,
        context,
        namedContexts,
        arguments,
        labels,
        targets,
        uncached,
        platform,
        tags,
        deliveries,
        options,
        Scheduling.DEFAULT);
  }

  /** The same request with this said about when and where. */
  public BuildRequest with(Scheduling other) {
    return new BuildRequest(
        dockerfile,
        context,
        namedContexts,
        arguments,
        labels,
        targets,
        uncached,
        platform,
        tags,
        deliveries,
        options,
        other);
  }

  /**
   * A Dockerfile.
   *
   * @param name as the user named it
   */
  public record Dockerfile(String name, String text) {
    public Dockerfile {
      requireNonNull(name, "name");
      requireNonNull(text, "text");
    }
  }

  /** What a name given with --build-context stands for. */
  public sealed interface NamedContext {
    /** An image. */
    record Image(ImageSource source) implements NamedContext {}

    /** The empty image. */
    record Nothing() implements NamedContext {}

    /** A directory of files. */
    record Files(ContextRef context) implements NamedContext {}
  }
}
