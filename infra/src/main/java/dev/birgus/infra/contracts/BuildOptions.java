package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * How to build; where an option changes the result it is part of a stage's id.
 *
 * @param timestamp the time written into everything new, for builds that must repeat bit by bit;
 *     empty for the time of the build
 * @param compressionLevel 1 (fastest) to 9 (smallest) for gzip; empty for our default
 * @param singleLayer whether a stage's steps are put into one layer
 * @param annotations added to the image's manifest
 * @param dockerfileLabelsWin whether LABEL wins over a label of the request; docker has it the
 *     other way, kaniko so
 */
public record BuildOptions(
    Optional<Instant> timestamp,
    Optional<Integer> compressionLevel,
    boolean singleLayer,
    Map<String, String> annotations,
    boolean dockerfileLabelsWin) {

  /** The options of a build nobody asked anything special of. */
  public static final BuildOptions DEFAULT =
      new BuildOptions(Optional.empty(), Optional.empty(), false, Map.of());

  /** Options by which labels of the request win. */
  public BuildOptions(
      Optional<Instant> timestamp,
      Optional<Integer> compressionLevel,
      boolean singleLayer,
      Map<String, String> annotations) {
    this(timestamp, compressionLevel, singleLayer, annotations, false);
  }

  public BuildOptions {
    requireNonNull(timestamp, "timestamp");
    requireNonNull(compressionLevel, "compressionLevel");
    annotations = Map.copyOf(annotations);
  }

  /** The same, but with this time where they have none. */
  public BuildOptions orAt(Optional<Instant> time) {
    return timestamp.isPresent() || time.isEmpty()
        ? this
        : new BuildOptions(time, compressionLevel, singleLayer, annotations);
  }
}
