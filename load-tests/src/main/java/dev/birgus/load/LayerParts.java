package dev.birgus.load;

import dev.birgus.executor.files.LinuxOverlays;
import dev.birgus.executor.files.OverlayMount;
import dev.birgus.executor.layer.DirectoryLayerStore;
import dev.birgus.executor.layer.LayerUnpacker;
import dev.birgus.executor.layer.OverlayLayerPacker;
import dev.birgus.executor.layer.TreeSnapshot;
import dev.birgus.executor.layer.UnpackLimits;
import dev.birgus.infra.blobs.DirectoryBlobStore;
import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.contracts.LayerCompression;
import dev.birgus.infra.contracts.LayerCompression.Codec;
import dev.birgus.infra.node.Leases;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.MediaType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What becomes of layers on a node. */
final class LayerParts {

  private static final int THREADS = Runtime.getRuntime().availableProcessors();

  private LayerParts() {}

  private static DirectoryLayerStore store(Path folder) throws IOException {
    var unpacker = new LayerUnpacker(UnpackLimits.DEFAULT, (path, reason) -> {});
    return DirectoryLayerStore.open(folder, unpacker, Leases.unneeded());
  }

  private static Layer layer(Path tar) throws IOException {
    var computation = Digest.newSha256();
    var buffer = new byte[1 << 18];
    try (var in = Files.newInputStream(tar)) {
      for (var n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        computation.update(buffer, 0, n);
      }
    }
    var digest = Digest.ofSha256(computation.digest());
    var blob = Descriptor.of(MediaType.OCI_LAYER, digest, Files.size(tar));
    return new Layer(blob, digest, Optional.empty());
  }

  /** A layer of a plain tar unpacked into the store of a node that does not have it. */
  static void unpack(Path result, Path tar, Path folder) throws Exception {
    var layer = layer(tar);
    var store = store(folder);
    Parts.measure(
        result, 0, 1, () -> {}, () -> store.unpack(layer, _ -> Files.newInputStream(tar), _ -> {}));
  }

  /** The root of a step, ready to be written to, on a base the node has unpacked. */
  static void readyRoot(Path result, Path tar, Path folder) throws Exception {
    var layer = layer(tar);
    var store = store(folder.resolve("layers"));
    store.unpack(layer, _ -> Files.newInputStream(tar), _ -> {});
    var overlays = new LinuxOverlays();
    var mounted = new ArrayDeque<OverlayMount>();
    try {
      Parts.measure(
          result,
          5,
          21,
          () -> {},
          () -> {
            var base = store.find(layer.diffId()).orElseThrow();
            var work = Files.createTempDirectory(folder, "root");
            mounted.add(overlays.mount(List.of(base), work));
          });
    } finally {
      mounted.forEach(OverlayMount::close);
    }
  }

  /** From the end of a step that touched one file to the layer of what it changed. */
  static void diffOfOverlay(Path result, Path tree, Path folder) throws Exception {
    var overlays = new LinuxOverlays();
    try (var blobs = DirectoryBlobStore.open(folder.resolve("blobs"))) {
      var packer = new OverlayLayerPacker(blobs, THREADS);
      var mounted = new ArrayDeque<OverlayMount>();
      Parts.measure(
          result,
          20,
          51,
          () -> {
            var work = Files.createTempDirectory(folder, "root");
            mounted.add(overlays.mount(List.of(tree), work));
            var touched = mounted.element().merged().resolve("files/5/file-1001");
            Files.setLastModifiedTime(touched, FileTime.from(Instant.now()));
          },
          () -> {
            var step = mounted.remove();
            step.close();
            var _ = packer.pack(step.upper(), BuildOptions.DEFAULT, _ -> {}).orElseThrow();
          });
    }
  }

  /** From the end of a step that touched one file to what it changed, with no overlay to tell. */
  static void diffByScan(Path result, Path tree) throws Exception {
    var snapshot = TreeSnapshot.of(tree);
    var touched = tree.resolve("files/5/file-1001");
    Parts.measure(
        result,
        2,
        7,
        () -> Files.setLastModifiedTime(touched, FileTime.from(Instant.now())),
        () -> {
          var _ = snapshot.compare(tree, _ -> false);
        });
  }

  /**
   * A tree packed into a blob store.
   *
   * @param how a codec and a level, with a colon between
   */
  static void pack(Path result, Path tree, String how, Path folder) throws Exception {
    var parts = how.split(":");
    var compression =
        new LayerCompression(Codec.valueOf(parts[0]), Optional.of(Integer.valueOf(parts[1])));
    var options = new BuildOptions(Optional.empty(), compression, false, Map.of());
    try (var blobs = DirectoryBlobStore.open(folder)) {
      var packer = new OverlayLayerPacker(blobs, THREADS);
      Parts.measure(
          result,
          0,
          1,
          () -> {},
          () -> {
            var _ = packer.pack(tree, options, _ -> {}).orElseThrow();
          });
    }
  }
}
