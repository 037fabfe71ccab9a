package dev.birgus.ingest.service;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.oci.Platform;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a user asks for, still as written: nothing is looked up, opened or checked yet.
 *
 * @param workingDirectory where the user stands; absolute
 * @param context value of {@code --context}
 * @param contextSubPath value of {@code --context-sub-path}; empty for none
 * @param dockerfile value of {@code --dockerfile}
 * @param namedContexts values of {@code --build-context}, each {@code name=value}
 * @param buildArguments values of {@code --build-arg}, each {@code NAME=value} or {@code NAME}
 * @param environment where a build argument without a value gets it from
 * @param labels values of {@code --label}, each {@code key=value}
 * @param targets values of {@code --target}, each the name of one stage
 * @param uncached values of {@code --no-cache-filter}, each the name of one stage
 * @param platform of the image
 * @param options how to build
 * @param outputs where the image goes
 */
public record SubmittedBuild(
    Path workingDirectory,
    String context,
    String contextSubPath,
    String dockerfile,
    List<String> namedContexts,
    List<String> buildArguments,
    Map<String, String> environment,
    List<String> labels,
    List<String> targets,
    List<String> uncached,
    Platform platform,
    BuildOptions options,
    RequestedOutputs outputs) {

  public SubmittedBuild {
    requireNonNull(context, "context");
    requireNonNull(contextSubPath, "contextSubPath");
    requireNonNull(dockerfile, "dockerfile");
    namedContexts = List.copyOf(namedContexts);
    buildArguments = List.copyOf(buildArguments);
    environment = Map.copyOf(environment);
    labels = List.copyOf(labels);
    targets = List.copyOf(targets);
    uncached = List.copyOf(uncached);
    requireNonNull(platform, "platform");
    requireNonNull(options, "options");
    requireNonNull(outputs, "outputs");
    if (!workingDirectory.isAbsolute()) {
      throw new IllegalArgumentException("not an absolute path: " + workingDirectory);
    }
  }

  /** The arguments' and the environment's values may be secrets. */
  @Override
  public String toString() {
    return "SubmittedBuild[context=" + context + ", dockerfile=" + dockerfile + "]";
  }
}
