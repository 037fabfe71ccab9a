package dev.birgus.pusher.export;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Event.TransferProgressed.Transfer;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.ImageIndex;
import dev.birgus.infra.oci.MediaType;
import dev.birgus.pusher.content.Interruptions;
import dev.birgus.pusher.content.LayerContent;
import dev.birgus.pusher.content.Meter;
import dev.birgus.pusher.content.Progress;
import dev.birgus.pusher.image.Document;
import dev.birgus.pusher.image.FinishedImage;
import dev.birgus.pusher.upload.SideBySide;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A directory in the OCI image layout. What else is in the directory stays; {@code index.json} is
 * replaced last, and then names this image alone.
 *
 * <p>The entry carries the image's tag as {@code org.opencontainers.image.ref.name}, by which tools
 * find an image in a layout.
 */
public final class OciLayoutDirectory {

  private static final String WHAT = "the OCI layout";

  /** Layers that have to be fetched first come side by side. */
  private static final int AT_ONCE = 4;

  private static final String REF_NAME = "org.opencontainers.image.ref.name";
  private static final byte[] MARKER =
      "{\"imageLayoutVersion\": \"1.0.0\"}".getBytes(StandardCharsets.UTF_8);

  private final LayerContent content;
  private final Progress progress;

  /** Layouts with layers from there. */
  public OciLayoutDirectory(LayerContent content, Progress progress) {
    this.content = requireNonNull(content, "content");
    this.progress = requireNonNull(progress, "progress");
  }

  /**
   * Writes the image into the directory, which is made if it is missing.
   *
   * @param tag the name of the image in the layout
   * @param directory absolute
   * @throws dev.birgus.infra.contracts.FailureException if the directory cannot be written or a
   *     layer cannot be read; blobs this call wrote are then removed again
   */
  public void write(FinishedImage image, String tag, Path directory) throws InterruptedException {
    var made = new MadeDirectories();
    var written = Collections.synchronizedList(new ArrayList<Path>());
    var whole = false;
    var meter = new Meter(Transfer.PACK, directory.toString(), image.distinctSize(), progress);
    try {
      var blobs = directory.resolve("blobs").resolve("sha256");
      made.make(blobs, PosixFilePermissions.fromString("rwxr-xr-x"));
      SideBySide.run(
          AT_ONCE,
          image.distinctLayers().stream()
              .<SideBySide.Task>map(layer -> () -> write(layer, directory, written, meter))
              .toList());
      write(image.config(), directory, written);
      write(image.manifest(), directory, written);
      mark(directory, written);
      file(directory.resolve("index.json")).write(out -> out.write(index(image, tag)));
      whole = true;
      made.keep();
    } catch (IOException broken) {
      Interruptions.rethrow(broken);
      throw OutputFile.failure(WHAT, directory, broken);
    } finally {
      if (!whole) {
        remove(written);
        made.removeUnlessKept();
      }
    }
  }

  private void write(Layer layer, Path directory, List<Path> written, Meter meter)
      throws IOException, InterruptedException {
    var path = place(layer.blob(), directory);
    if (StoredBlobs.holds(path, layer.blob())) {
      meter.moved(layer.blob().size());
      return;
    }
    var isNew = !Files.exists(path);
    file(path).write(out -> content.copy(layer, meter.writing(out), progress));
    if (isNew) {
      written.add(path);
    }
  }

  private static void write(Document document, Path directory, List<Path> written)
      throws IOException, InterruptedException {
    var path = place(document.descriptor(), directory);
    if (!StoredBlobs.holds(path, document.descriptor())) {
      var isNew = !Files.exists(path);
      file(path).write(out -> out.write(document.bytes()));
      if (isNew) {
        written.add(path);
      }
    }
  }

  private static void mark(Path directory, List<Path> written) throws InterruptedException {
    var marker = directory.resolve("oci-layout");
    if (!Files.exists(marker)) {
      file(marker).write(out -> out.write(MARKER));
      written.add(marker);
    }
  }

  private static byte[] index(FinishedImage image, String tag) {
    var plain = image.manifest().descriptor();
    var named =
        new Descriptor(
            plain.mediaType(),
            plain.digest(),
            plain.size(),
            Json.Obj.EMPTY.with("annotations", Json.Obj.EMPTY.with(REF_NAME, Json.of(tag))));
    var index = new ImageIndex(MediaType.OCI_INDEX, List.of(named), Json.Obj.EMPTY);
    return index.toBytes();
  }

  private static Path place(Descriptor blob, Path directory) throws IOException {
    var algorithm = directory.resolve("blobs").resolve(blob.digest().algorithm());
    Files.createDirectories(algorithm);
    return algorithm.resolve(blob.digest().hex());
  }

  private static OutputFile file(Path path) {
    return new OutputFile(WHAT, path);
  }

  private static void remove(List<Path> written) {
    for (var path : written) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException stays) {
        // The failure that made us clean up is the one to report; a stray blob does no harm.
      }
    }
  }
}
