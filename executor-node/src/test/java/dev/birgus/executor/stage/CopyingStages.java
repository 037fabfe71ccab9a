package dev.birgus.executor.stage;

import dev.birgus.executor.cache.CacheFolders;
import dev.birgus.executor.fetch.GitSettings;
import dev.birgus.executor.fetch.RemoteFetcher;
import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.files.LinuxOverlays;
import dev.birgus.executor.layer.DirectoryLayerStore;
import dev.birgus.executor.layer.IndexLimits;
import dev.birgus.executor.layer.LayerIndexes;
import dev.birgus.executor.layer.LayerUnpacker;
import dev.birgus.executor.layer.OverlayLayerPacker;
import dev.birgus.executor.layer.UnpackLimits;
import dev.birgus.executor.operation.FolderContext;
import dev.birgus.executor.operation.Operations;
import dev.birgus.executor.run.NamespaceCommandRunner;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.Event.StageReady;
import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.contracts.Operation;
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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A node in a folder, a context beside it, and a registry that counts what is fetched from it. */
final class CopyingStages implements ImageSources {

  private static final StageId BASE = id("base");

  final InMemoryBlobStore blobs = new InMemoryBlobStore();
  final AtomicInteger downloads = new AtomicInteger();
  final RecordingListener listener = new RecordingListener();
  final Path context;
  final Path layers;
  final Path work;
  private final InMemoryBlobStore remote = new InMemoryBlobStore();
  private final LocalStageExecutor executor;
  private StageResult base = new StageResult(List.of(), List.of());

  CopyingStages(Path folder) throws IOException {
    context = Files.createDirectories(folder.resolve("context"));
    layers = folder.resolve("layers");
    work = Files.createDirectories(folder.resolve("work"));
    var unpacker = new LayerUnpacker(UnpackLimits.DEFAULT, (_, _) -> {});
    var store = DirectoryLayerStore.open(layers, unpacker, Leases.unneeded());
    var indexes = new LayerIndexes(layers, unpacker, IndexLimits.DEFAULT, Leases.unneeded());
    var access =
        new NodeAccess(new CacheFolders(folder.resolve("caches")), new MachineSecrets(Map.of()));
    executor =
        new LocalStageExecutor(
            new NodeStorage(
                store,
                new OverlayLayerPacker(blobs, 2),
                new LinuxOverlays(),
                LinuxFileSystem::open,
                access),
            new LocalStageExecutor.Sources(
                new FolderContext(context),
                new LayerFetcher(blobs, this, store, indexes),
                new RemoteFetcher(
                    _ -> {
                      throw new AssertionError("nothing is downloaded");
                    },
                    GitSettings.of(Map.of()),
                    LinuxFileSystem::open)),
            new Operations(
                new NamespaceCommandRunner(
                    LinuxFileSystem::open,
                    new NamespaceCommandRunner.Settings("island", Duration.ZERO))),
            InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z")),
            work);
  }

  @Override
  public ResolvedImage resolve(String name, ImageSource source, Platform platform) {
    throw new AssertionError("the planner resolves");
  }

  @Override
  public InputStream open(ImageSource source, Descriptor blob) throws IOException {
    downloads.incrementAndGet();
    return remote.open(blob.digest());
  }

  /** Makes a directory the base's only layer, which is in the registry. */
  void setBase(Path root) throws IOException {
    var layer =
        new OverlayLayerPacker(remote, 1).pack(root, BuildOptions.DEFAULT, _ -> {}).orElseThrow();
    var source = Optional.<ImageSource>of(new ImageSource.FromLayout("/base", ""));
    base = new StageResult(List.of(new Layer(layer.blob(), layer.diffId(), source)), List.of());
  }

  static StageId id(String name) {
    return new StageId(Digest.sha256(name.getBytes(StandardCharsets.UTF_8)));
  }

  StageId base() {
    return BASE;
  }

  /** Executes a stage on the base. */
  StageResult onBase(BuildOptions options, List<Operation> operations)
      throws IOException, InterruptedException {
    return execute(new StageBase.OfStage(BASE), options, operations);
  }

  /** Executes a stage, which may copy from the base. */
  StageResult execute(StageBase on, BuildOptions options, List<Operation> operations)
      throws IOException, InterruptedException {
    var steps = new ArrayList<Step>();
    for (var operation : operations) {
      steps.add(
          new Step(
              SourceLocation.ofLine("Dockerfile", steps.size() + 2),
              "text",
              "step " + steps.size(),
              Optional.of(operation)));
    }
    var config = ImageConfig.scratch(Platform.of("linux", "amd64"));
    var stage = new Stage(id("stage"), 0, "stage-0", on, steps, config);
    return executor.execute(
        new StageReady(new BuildId("b"), 1, stage, Map.of(BASE, base), options), listener);
  }
}
