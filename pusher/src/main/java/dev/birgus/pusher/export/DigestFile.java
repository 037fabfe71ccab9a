package dev.birgus.pusher.export;

import dev.birgus.infra.contracts.Delivery.ToDigestFile;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.ImageReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * A small file that tells a script what was made. Names are written in full, with {@code
 * index.docker.io/library/} for Docker Hub, as kaniko writes them. Where both files of names are
 * asked for, kaniko puts the tag into both; here each holds what it is called by.
 */
public final class DigestFile {

  private DigestFile() {}

  /**
   * Writes the file, replacing one that is there.
   *
   * @param destinations the image's names, one line each
   * @throws dev.birgus.infra.contracts.FailureException if the path cannot be written
   */
  public static void write(ToDigestFile file, List<ImageReference> destinations, Digest manifest)
      throws InterruptedException {
    var text = text(file.content(), destinations, manifest).getBytes(StandardCharsets.UTF_8);
    new OutputFile("the digest file", Path.of(file.path())).write(out -> out.write(text));
  }

  /** What the file holds. */
  static String text(
      ToDigestFile.Content content, List<ImageReference> destinations, Digest manifest) {
    if (content == ToDigestFile.Content.DIGEST) {
      return manifest.toString();
    }
    var lines = new StringBuilder();
    for (var destination : destinations) {
      lines.append(destination.repositoryName());
      if (content == ToDigestFile.Content.NAME_TAG_AND_DIGEST) {
        lines.append(':').append(destination.tagOrLatest());
      }
      lines.append('@').append(manifest).append('\n');
    }
    return lines.toString();
  }
}
