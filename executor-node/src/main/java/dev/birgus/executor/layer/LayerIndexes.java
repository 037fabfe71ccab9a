package dev.birgus.executor.layer;

import dev.birgus.executor.memory.Entry;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.node.Leases;
import dev.birgus.infra.oci.Digest;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Optional;

/**
 * Indexes of layers, for stages that need to know what is in their base but no file of it on the
 * disk. Each layer is read once for a node; its index is a file beside the unpacked layers, which
 * is there whole or not at all.
 */
public final class LayerIndexes {

  static final String FOLDER = "indexes";

  private static final int BUFFER = 64 * 1024;
  private static final String SUFFIX = ".index";

  private final Path root;
  private final LayerUnpacker unpacker;
  private final IndexLimits limits;
  private final Leases leases;

  /**
   * The indexes of a node.
   *
   * @param root of the layer store, which is open
   * @param unpacker reads layers as it would for unpacking them
   * @param leases taken of all indexes that are asked for
   */
  public LayerIndexes(Path root, LayerUnpacker unpacker, IndexLimits limits, Leases leases) {
    this.root = root.toAbsolutePath().normalize();
    this.unpacker = unpacker;
    this.limits = limits;
    this.leases = leases;
  }

  /** What the index of a layer is leased by. */
  static String lease(String name) {
    return IndexShelf.KIND + ":" + name;
  }

  /**
   * The root directory of a layer that has been read before.
   *
   * @param blobs gives the compressed bytes again, for the content of a file
   */
  public Optional<Entry> find(Layer layer, LayerStore.BlobReader blobs) throws IOException {
    var name = name(layer.diffId());
    leases.take(lease(name));
    var file = root.resolve(FOLDER).resolve(name);
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
      Files.setLastModifiedTime(file, FileTime.from(leases.now()));
    } catch (NoSuchFileException unknown) {
      return Optional.empty();
    }
    return IndexFile.read(bytes, (entry, size) -> open(layer, blobs, entry, size))
        .map(LayerIndex::root);
  }

  /**
   * The root directory of a layer, which is read if it was not yet; concurrent calls read it once.
   *
   * @param blobs gives the compressed bytes, verified
   * @param progress is told the compressed bytes read so far
   * @return empty if the layer is too large to be indexed
   * @throws dev.birgus.infra.contracts.FailureException as unpacking it would
   */
  public Optional<Entry> read(
      Layer layer, LayerStore.BlobReader blobs, LayerStore.Progress progress) throws IOException {
    var name = name(layer.diffId()) + SUFFIX;
    var locks = Files.createDirectories(DirectoryLayerStore.locks(root));
    try (var _ = LayerLock.take(locks.resolve(name + ".lock"))) {
      var found = find(layer, blobs);
      if (found.isPresent()) {
        return found;
      }
      var index = new IndexBuilder(limits);
      try {
        unpacker.index(layer, blobs, index, progress);
      } catch (IndexBuilder.TooLargeException large) {
        return Optional.empty();
      }
      write(index, name, layer.diffId());
      return find(layer, blobs);
    }
  }

  private void write(IndexBuilder index, String draftName, Digest diffId) throws IOException {
    var unfinished = Files.createDirectories(DirectoryLayerStore.unfinished(root));
    var draft = unfinished.resolve(draftName);
    try {
      try (var out = new BufferedOutputStream(Files.newOutputStream(draft), BUFFER)) {
        IndexFile.write(index.tree().asLayer(), out);
      }
      var place = Files.createDirectories(root.resolve(FOLDER)).resolve(name(diffId));
      Files.move(draft, place, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  /** The content of one of a tar's entries. It is given out whole only if the layer is right. */
  private InputStream open(Layer layer, LayerStore.BlobReader blobs, int entry, long size)
      throws IOException {
    var bytes = unpacker.open(layer, blobs, _ -> {});
    try {
      var tar = unpacker.reader(bytes);
      for (var i = 0; i <= entry; i++) {
        if (tar.next().isEmpty()) {
          throw new IOException("the index of " + layer.diffId() + " is of another layer");
        }
      }
      return new EntryInputStream(bytes, tar, size);
    } catch (IOException | RuntimeException failed) {
      bytes.close();
      throw failed;
    }
  }

  private static String name(Digest diffId) {
    return diffId.hex().substring(0, DirectoryLayerStore.NAME);
  }
}
