package dev.birgus.ingest.service;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * Where the image should go, as written on the command line.
 *
 * @param destinations values of {@code --destination}
 * @param noPush whether destinations only name the image and nothing is pushed
 * @param tar value of {@code --tar-path}
 * @param layout value of {@code --oci-layout-path}
 * @param digestFile value of {@code --digest-file}
 * @param nameWithDigestFile value of {@code --image-name-with-digest-file}
 * @param nameTagWithDigestFile value of {@code --image-name-tag-with-digest-file}
 * @param builderOutput directory that gets a file {@code images} of what was pushed, value of
 *     {@code BUILDER_OUTPUT}
 */
public record RequestedOutputs(
    List<String> destinations,
    boolean noPush,
    Optional<String> tar,
    Optional<String> layout,
    Optional<String> digestFile,
    Optional<String> nameWithDigestFile,
    Optional<String> nameTagWithDigestFile,
    Optional<String> builderOutput) {

  public RequestedOutputs {
    destinations = List.copyOf(destinations);
    requireNonNull(tar, "tar");
    requireNonNull(layout, "layout");
    requireNonNull(digestFile, "digestFile");
    requireNonNull(nameWithDigestFile, "nameWithDigestFile");
    requireNonNull(nameTagWithDigestFile, "nameTagWithDigestFile");
    requireNonNull(builderOutput, "builderOutput");
  }

  /** A build whose image goes nowhere. */
  public static RequestedOutputs none() {
    return new RequestedOutputs(
        List.of(),
        true,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
