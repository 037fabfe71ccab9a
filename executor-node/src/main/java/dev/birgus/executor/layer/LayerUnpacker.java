package dev.birgus.executor.layer;

import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.files.OverlayFormat;
import dev.birgus.infra.contracts.Layer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BiConsumer;

/**
 * Unpacks layers, in the form an overlay takes as a lower directory or plain. Decompressing has a
 * thread of its own; writing blocks the calling one, which should be a platform thread.
 */
public final class LayerUnpacker {

  private final UnpackLimits limits;
  private final BiConsumer<String, String> skipped;

  /**
   * An unpacker.
   *
   * @param skipped is told what could not be made here, and why: path and reason. Devices and
   *     extended attributes the node does not permit are, and marks of union file systems
   */
  public LayerUnpacker(UnpackLimits limits, BiConsumer<String, String> skipped) {
    this.limits = limits;
    this.skipped = skipped;
  }

  /**
   * Unpacks a layer into an empty directory.
   *
   * @throws dev.birgus.infra.contracts.FailureException if the layer is broken, asks for more than
   *     the limits or holds what cannot be
   * @throws dev.birgus.infra.blobs.DigestMismatchException if the tar is another than promised; the
   *     directory is of no use then
   */
  public void unpack(
      Layer layer, LayerStore.BlobReader blobs, Path directory, LayerStore.Progress progress)
      throws IOException {
    try (var files = LinuxFileSystem.open(directory)) {
      var marks = new OverlayMarks(files, OverlayFormat.of(directory));
      unpack(new OverlayTree(files, marks, limits, skipped), layer, blobs, progress);
    }
  }

  /**
   * Unpacks a layer into an empty directory, without marks of what it hides: {@link #unpack} says
   * what fails and how.
   *
   * @param files of the directory
   * @return the marks, good for as long as the files are open
   */
  ListedMarks unpackPlain(
      Layer layer, LayerStore.BlobReader blobs, LinuxFileSystem files, LayerStore.Progress progress)
      throws IOException {
    var marks = new ListedMarks(files);
    unpack(new OverlayTree(files, marks, limits, skipped), layer, blobs, progress);
    return marks;
  }

  private void unpack(
      OverlayTree tree, Layer layer, LayerStore.BlobReader blobs, LayerStore.Progress progress)
      throws IOException {
    ReadAhead.Source source =
        () -> new LayerBytes(blobs.open(layer), progress, layer.diffId(), limits.bytes());
    try (var bytes = new ReadAhead(source)) {
      var tar = new TarReader(bytes, limits.extendedHeader());
      while (true) {
        var entry = tar.next();
        if (entry.isEmpty()) {
          break;
        }
        tree.add(entry.get(), tar);
      }
      // Behind the end of the tar there may be anything; it counts for the digest.
      var rest = new byte[8192];
      int read;
      do {
        read = bytes.read(rest, 0, rest.length);
      } while (read >= 0);
      tree.finish();
    }
  }
}
