package dev.birgus.executor.stage;

import dev.birgus.executor.cache.CacheFolders;
import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.files.LinuxOverlays;
import dev.birgus.executor.files.WorkDirectory;
import dev.birgus.executor.layer.DirectoryLayerStore;
import dev.birgus.executor.layer.IndexLimits;
import dev.birgus.executor.layer.LayerIndexes;
import dev.birgus.executor.layer.LayerUnpacker;
import dev.birgus.executor.layer.OverlayLayerPacker;
import dev.birgus.executor.layer.TarReader;
import dev.birgus.executor.layer.UnpackLimits;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.Event.StageReady;
import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.contracts.LayerCompression;
import dev.birgus.infra.contracts.ResolvedImage;
import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.infra.contracts.Stage;
import dev.birgus.infra.contracts.StageBase;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.contracts.StageResult;
import dev.birgus.infra.contracts.Step;
import dev.birgus.infra.node.Leases;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.ImageConfig;
import dev.birgus.infra.oci.Platform;
import dev.birgus.infra.registry.ImageSources;
import dev.birgus.infra.secrets.MachineSecrets;
import dev.birgus.infra.testkit.InMemoryBlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** One way to keep roots, with a stage in it whose steps are whatever a test does to files. */
final class StorageWorld implements AutoCloseable {

  private static final BuildOptions OPTIONS =
      new BuildOptions(
          Optional.of(Instant.parse("2001-02-03T04:05:06Z")),
          LayerCompression.DEFAULT,
          false,
          Map.of());

  private final InMemoryBlobStore blobs;
  private final NodeStorage storage;
  private final WorkDirectory work;
  private final StageRoots roots;
  private final List<StepChange> changes = new ArrayList<>();
  private final List<Layer> layers = new ArrayList<>();
  private Optional<StageRoot> root = Optional.empty();

  StorageWorld(RootStorage kind, Path folder, InMemoryBlobStore blobs) throws IOException {
    this.blobs = blobs;
    this.work = new WorkDirectory(Files.createDirectories(folder.resolve("work")));
    var unpacker = new LayerUnpacker(UnpackLimits.DEFAULT, (_, _) -> {});
    var place = folder.resolve("layers");
    var store = DirectoryLayerStore.open(place, unpacker, Leases.unneeded());
    this.storage =
        new NodeStorage(
            store,
            new OverlayLayerPacker(blobs, 1),
            new LinuxOverlays(),
            LinuxFileSystem::open,
            new NodeAccess(
                new CacheFolders(folder.resolve("caches")), new MachineSecrets(Map.of())));
    var indexes = new LayerIndexes(place, unpacker, IndexLimits.DEFAULT, Leases.unneeded());
    var fetcher = new LayerFetcher(blobs, new NoImages(), store, indexes);
    this.roots =
        kind == RootStorage.TREE
            ? new TreeStageRoots(storage, fetcher, work)
            : new OverlayStageRoots(storage, fetcher);
  }

  private static final class NoImages implements ImageSources {
    @Override
    public ResolvedImage resolve(String name, ImageSource source, Platform platform) {
      throw new AssertionError("nothing is resolved");
    }

    @Override
    public InputStream open(ImageSource source, Descriptor blob) {
      throw new AssertionError("all blobs are there");
    }
  }

  /** What a step does. */
  interface Deed {
    void to(LinuxFileSystem files) throws Exception;
  }

  /** Packs the base of stages. */
  Layer pack(Path directory) throws IOException {
    return new OverlayLayerPacker(blobs, 1).pack(directory, OPTIONS, _ -> {}).orElseThrow();
  }

  void open(List<Layer> base) throws IOException, InterruptedException {
    var id = new StageId(Digest.sha256("base".getBytes(StandardCharsets.UTF_8)));
    var on = base.isEmpty() ? new StageBase.Scratch() : new StageBase.OfStage(id);
    var step =
        new Step(SourceLocation.ofLine("Dockerfile", 2), "text", "created by", Optional.empty());
    var stage =
        new Stage(
            new StageId(Digest.sha256("it".getBytes(StandardCharsets.UTF_8))),
            0,
            "stage-0",
            on,
            List.of(step),
            ImageConfig.scratch(Platform.of("linux", "amd64")));
    var inputs = Map.of(id, new StageResult(base, List.of()));
    var job = new StageReady(new BuildId("b"), 1, stage, inputs, OPTIONS);
    root = Optional.of(roots.open(job, new RecordingListener(), work.makeNew("stage-")));
    layers.addAll(base);
  }

  /** The entries of the layer of a step; its last line is the digest of the tar. */
  List<String> step(Deed deed) throws Exception {
    try (var workspace = root.orElseThrow().begin(List.of(), List.of())) {
      deed.to((LinuxFileSystem) workspace.files());
      var change = workspace.end();
      if (change.isEmpty()) {
        return List.of();
      }
      var layer = storage.packer().pack(change.get().content(), OPTIONS, _ -> {}).orElseThrow();
      changes.add(change.get());
      layers.add(layer);
      var lines = entries(layer);
      lines.add(layer.diffId().toString());
      return lines;
    }
  }

  private List<String> entries(Layer layer) throws IOException {
    var lines = new ArrayList<String>();
    try (var tar = new TarReader(new GZIPInputStream(blobs.open(layer.blob().digest())), 1 << 20)) {
      for (var entry = tar.next(); entry.isPresent(); entry = tar.next()) {
        lines.add(entry.get().toString());
      }
    }
    return lines;
  }

  /** Where the node has a layer unpacked. */
  Path kept(Layer layer) throws IOException {
    return storage.layers().find(layer.diffId()).orElseThrow();
  }

  /** Gives the layers to the node, and all of them to a stage built on this. */
  List<Layer> finish() throws IOException {
    for (var i = 0; i < changes.size(); i++) {
      changes.get(i).keep(layers.get(layers.size() - changes.size() + i));
    }
    changes.clear();
    root.orElseThrow().close();
    root = Optional.empty();
    var all = List.copyOf(layers);
    layers.clear();
    return all;
  }

  @Override
  public void close() throws IOException {
    if (root.isPresent()) {
      root.get().close();
    }
    roots.close();
  }
}
