package dev.birgus.ingest.service;

import dev.birgus.infra.contracts.Delivery;
import dev.birgus.infra.contracts.Delivery.ToDigestFile.Content;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.oci.ImageReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where an image goes: registries first, then tar, layout and digest files, so that a digest file
 * says nothing that is not true yet.
 *
 * @param tags names of the image as written, each with its tag
 * @param deliveries in the order they are made
 */
record Deliveries(List<String> tags, List<Delivery> deliveries) {

  /** What kaniko calls an image nobody named. */
  static final String UNNAMED = "docker.io/unset-repo/unset-image-name:latest";

  Deliveries {
    tags = List.copyOf(tags);
    deliveries = List.copyOf(deliveries);
  }

  /**
   * Checks what was asked for and that every path can be written.
   *
   * @param paths collects the directories that have to be made
   * @throws FailureException before anything is built, if something cannot work
   */
  static Deliveries of(RequestedOutputs outputs, OutputPaths paths) {
    if (outputs.destinations().isEmpty()) {
      checkUnnamed(outputs);
    }
    var tags = new ArrayList<String>();
    var deliveries = new ArrayList<Delivery>();
    for (var destination : destinations(outputs.destinations()).values()) {
      var hasTag = destination.reference().tag().isPresent();
      tags.add(destination.written() + (hasTag ? "" : ":latest"));
      if (!outputs.noPush()) {
        deliveries.add(destination);
      }
    }
    outputs.tar().map(paths::file).map(Delivery.ToTar::new).ifPresent(deliveries::add);
    outputs.layout().map(paths::directory).map(Delivery.ToLayout::new).ifPresent(deliveries::add);
    var digestFiles = new LinkedHashMap<Content, String>();
    outputs.digestFile().ifPresent(path -> digestFiles.put(Content.DIGEST, path));
    outputs.nameWithDigestFile().ifPresent(path -> digestFiles.put(Content.NAME_AND_DIGEST, path));
    outputs
        .nameTagWithDigestFile()
        .ifPresent(path -> digestFiles.put(Content.NAME_TAG_AND_DIGEST, path));
    digestFiles.forEach((content, path) ->
        deliveries.add(new Delivery.ToDigestFile(paths.smallFile(path), content)));
    if (!outputs.noPush()) {
      outputs
          .builderOutput()
          .map(directory -> paths.smallFile(directory + "/images"))
          .map(path -> new Delivery.ToDigestFile(path, Content.BUILDER_OUTPUT))
          .ifPresent(deliveries::add);
    }
    return new Deliveries(tags.isEmpty() ? List.of(UNNAMED) : tags, deliveries);
  }

  private static void checkUnnamed(RequestedOutputs outputs) {
    if (!outputs.noPush()) {
      throw Failure.of(
              "no-destination",
              "you must provide --destination, or use --no-push",
              "Add --destination=REGISTRY/REPOSITORY:TAG, or --no-push with --tar-path.")
          .toException();
    }
    if (outputs.nameWithDigestFile().isPresent() || outputs.nameTagWithDigestFile().isPresent()) {
      var flag =
          outputs.nameWithDigestFile().isPresent()
              ? "--image-name-with-digest-file"
              : "--image-name-tag-with-digest-file";
      throw Failure.of(
              "no-destination",
              "you must provide --destination if setting " + flag,
              "Add --destination, which with --no-push only names the image.")
          .toException();
    }
  }

  /** The destinations by what they mean: one given twice is pushed once. */
  private static Map<String, Delivery.ToRegistry> destinations(List<String> written) {
    var destinations = new LinkedHashMap<String, Delivery.ToRegistry>();
    for (var text : written) {
      var reference = reference(text);
      destinations.putIfAbsent(
          reference.repositoryName() + ":" + reference.tagOrLatest(),
          new Delivery.ToRegistry(reference, text));
    }
    return destinations;
  }

  private static ImageReference reference(String text) {
    try {
      var reference = ImageReference.parse(text);
      if (reference.digest().isEmpty()) {
        return reference;
      }
    } catch (IllegalArgumentException e) {
      throw badDestination(text, String.valueOf(e.getMessage()));
    }
    throw badDestination(text, "\"" + text + "\" has a digest, which nobody can choose");
  }

  private static FailureException badDestination(String text, String why) {
    return Failure.of(
            "bad-destination",
            "--destination " + text + ": " + why,
            "Write REGISTRY/REPOSITORY:TAG, as in registry.example.com/team/app:1.0.")
        .toException();
  }
}
