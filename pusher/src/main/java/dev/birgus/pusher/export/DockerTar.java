package dev.birgus.pusher.export;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Event.TransferProgressed.Transfer;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonText;
import dev.birgus.infra.oci.Compression;
import dev.birgus.pusher.content.LayerContent;
import dev.birgus.pusher.content.Meter;
import dev.birgus.pusher.content.Progress;
import dev.birgus.pusher.image.FinishedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * The archive that {@code docker load} takes, with the members kaniko writes, in its order: the
 * configuration as {@code sha256:<hex>}, each layer once as {@code <hex>.tar.gz} whatever its
 * compression, {@code manifest.json}. Tags stand in the order given.
 */
public final class DockerTar {

  private static final String WHAT = "the image tar";

  private final LayerContent content;
  private final Progress progress;

  /** Archives with layers from there. */
  public DockerTar(LayerContent content, Progress progress) {
    this.content = requireNonNull(content, "content");
    this.progress = requireNonNull(progress, "progress");
  }

  /**
   * Writes the archive.
   *
   * @param names the image gets, a missing tag being {@code latest}; none is fine
   * @param path absolute; a pipe or device is written to
   * @throws dev.birgus.infra.contracts.FailureException if the path cannot be written, a layer
   *     cannot be read, or is compressed with zstd
   */
  public void write(FinishedImage image, List<String> names, Path path)
      throws InterruptedException {
    refuseZstd(image, path);
    new OutputFile(WHAT, path).write(out -> archive(image, names, path, out));
  }

  private void archive(FinishedImage image, List<String> names, Path path, OutputStream out)
      throws IOException, InterruptedException {
    var meter = new Meter(Transfer.PACK, path.toString(), image.distinctSize(), progress);
    var tar = new TarWriter(out);
    tar.add(image.config().digest().toString(), image.config().bytes());
    for (var layer : image.distinctLayers()) {
      tar.add(
          memberName(layer.blob().digest().hex()),
          layer.blob().size(),
          to -> content.copy(layer, meter.writing(to), progress));
    }
    tar.add("manifest.json", index(image, names));
    tar.finish();
  }

  private static byte[] index(FinishedImage image, List<String> names) {
    var layers = new ArrayList<String>();
    for (var layer : image.layers()) {
      layers.add(memberName(layer.blob().digest().hex()));
    }
    var entry =
        Json.Obj.EMPTY
            .with("Config", Json.of(image.config().digest().toString()))
            .with("RepoTags", Json.ofStrings(tagged(names)))
            .with("Layers", Json.ofStrings(layers));
    return JsonText.write(new Json.Arr(List.of(entry)));
  }

  private static List<String> tagged(List<String> names) {
    var tagged = new LinkedHashSet<String>();
    for (var name : names) {
      // A name pinned to a digest is no tag, and readers refuse it.
      if (name.indexOf('@') < 0) {
        tagged.add(name.lastIndexOf(':') > name.lastIndexOf('/') ? name : name + ":latest");
      }
    }
    return List.copyOf(tagged);
  }

  private static String memberName(String hex) {
    return hex + ".tar.gz";
  }

  private static void refuseZstd(FinishedImage image, Path path) {
    for (var layer : image.layers()) {
      if (layer.blob().mediaType().compression() == Compression.ZSTD) {
        throw Failure.of(
                "tar-with-zstd-layer",
                "cannot write "
                    + WHAT
                    + " "
                    + path
                    + ": layer "
                    + layer.blob().digest()
                    + " is compressed with zstd, which a docker tar cannot hold",
                "Write an OCI layout instead, or use a base image with gzip layers.")
            .toException();
      }
    }
  }
}
