package dev.birgus.pusher.export;

import dev.birgus.infra.contracts.Delivery.ToDigestFile;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonText;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.ImageReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

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
  public static String text(
      ToDigestFile.Content content, List<ImageReference> destinations, Digest manifest) {
    return switch (content) {
      case DIGEST -> manifest.toString();
      case NAME_AND_DIGEST ->
          lines(destinations, one -> one.repositoryName() + "@" + manifest + "\n");
      case NAME_TAG_AND_DIGEST -> lines(destinations, one -> tagged(one) + "@" + manifest + "\n");
      case BUILDER_OUTPUT -> lines(destinations, one -> json(tagged(one), manifest) + "\n");
    };
  }

  private static String lines(
      List<ImageReference> destinations, Function<ImageReference, String> line) {
    return destinations.stream().map(line).collect(Collectors.joining());
  }

  private static String tagged(ImageReference destination) {
    return destination.repositoryName() + ":" + destination.tagOrLatest();
  }

  private static String json(String name, Digest manifest) {
    return JsonText.text(
        Json.Obj.EMPTY.with("name", Json.of(name)).with("digest", Json.of(manifest.toString())));
  }
}
