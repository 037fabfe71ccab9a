package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How to build; where an option changes the result it is part of a stage's id.
 *
 * @param timestamp the time written into everything new, for builds that must repeat bit by bit;
 *     empty for the time of the build
 * @param compression how the new layers are compressed
 * @param singleLayer whether a stage's steps are put into one layer
 * @param annotations added to the image's manifest
 * @param dockerfileLabelsWin whether LABEL wins over a label of the request; docker has it the
 *     other way, kaniko so
 * @param grants what commands may use beyond the build's files
 * @param ignoredPaths patterns of paths that are left out of layers, with what is below them, as
 *     {@code .dockerignore} has them; steps of the same stage see what is there
 * @param format of the image's manifest; empty for that of the base image
 */
public record BuildOptions(
    Optional<Instant> timestamp,
    LayerCompression compression,
    boolean singleLayer,
    Map<String, String> annotations,
    boolean dockerfileLabelsWin,
    Grants grants,
    List<String> ignoredPaths,
    Optional<ImageFormat> format) {

  /** The options of a build nobody asked anything special of. */
  public static final BuildOptions DEFAULT =
      new BuildOptions(Optional.empty(), LayerCompression.DEFAULT, false, Map.of());

  public BuildOptions {
    requireNonNull(timestamp, "timestamp");
    requireNonNull(compression, "compression");
    annotations = Map.copyOf(annotations);
    requireNonNull(grants, "grants");
    ignoredPaths = List.copyOf(ignoredPaths);
    requireNonNull(format, "format");
  }

  /**
   * Options by which labels of the request win, and commands have nothing but the build's files.
   */
  public BuildOptions(
      Optional<Instant> timestamp,
      LayerCompression compression,
      boolean singleLayer,
      Map<String, String> annotations) {
    this(timestamp, compression, singleLayer, annotations, false, Grants.NONE);
  }

  /** Options that leave nothing out of layers, and the image in the format of its base. */
  public BuildOptions(
      Optional<Instant> timestamp,
      LayerCompression compression,
      boolean singleLayer,
      Map<String, String> annotations,
      boolean dockerfileLabelsWin,
      Grants grants) {
    this(
        timestamp,
        compression,
        singleLayer,
        annotations,
        dockerfileLabelsWin,
        grants,
        List.of(),
        Optional.empty());
  }

  /** The same options with these grants. */
  public BuildOptions with(Grants given) {
    return new BuildOptions(
        timestamp,
        compression,
        singleLayer,
        annotations,
        dockerfileLabelsWin,
        given,
        ignoredPaths,
        format);
  }

  /** The same, but with this time where they have none. */
  public BuildOptions orAt(Optional<Instant> time) {
    return timestamp.isPresent() || time.isEmpty()
        ? this
        : new BuildOptions(
            time,
            compression,
            singleLayer,
            annotations,
            dockerfileLabelsWin,
            grants,
            ignoredPaths,
            format);
  }
}
