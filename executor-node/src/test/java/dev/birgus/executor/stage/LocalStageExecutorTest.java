package dev.birgus.executor.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import dev.birgus.executor.layer.TarReader;
import dev.birgus.executor.layer.UnpackLimits;
import dev.birgus.executor.operation.FolderContext;
import dev.birgus.executor.operation.Operations;
import dev.birgus.executor.operation.TransferBuilder;
import dev.birgus.executor.run.BusyboxRoot;
import dev.birgus.executor.run.NamespaceCommandRunner;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.ContextRef;
import dev.birgus.infra.contracts.Event.StageReady;
import dev.birgus.infra.contracts.Event.TransferProgressed.Transfer;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.FileOrigin;
import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.contracts.LayerCompression;
import dev.birgus.infra.contracts.Operation;
import dev.birgus.infra.contracts.ResolvedImage;
import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.infra.contracts.Stage;
import dev.birgus.infra.contracts.StageBase;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.contracts.StageResult;
import dev.birgus.infra.contracts.Step;
import dev.birgus.infra.json.Json;
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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStageExecutorTest {

  static final StageId BASE = id("base");

  @TempDir Path folder = Path.of("");
  final InMemoryBlobStore blobs = new InMemoryBlobStore();
  private final InMemoryBlobStore remote = new InMemoryBlobStore();
  final AtomicInteger downloads = new AtomicInteger();
  final RecordingListener listener = new RecordingListener();
  BuildOptions options = BuildOptions.DEFAULT;
  LocalStageExecutor executor;
  StageResult base;
  Path work = Path.of("");

  @SuppressWarnings("NullAway.Init")
  LocalStageExecutorTest() {}

  /** How roots are kept. */
  RootStorage wanted() {
    return RootStorage.OVERLAY;
  }

  /** The images of a registry that counts what is fetched from it. */
  private final class CountedImages implements ImageSources {
    @Override
    public ResolvedImage resolve(String name, ImageSource source, Platform platform) {
      throw new AssertionError("the planner resolves");
    }

    @Override
    public InputStream open(ImageSource source, Descriptor blob) throws IOException {
      downloads.incrementAndGet();
      return remote.open(blob.digest());
    }
  }

  @BeforeEach
  void makeExecutor() throws IOException {
    BusyboxRoot.assume();
    work = Files.createDirectories(folder.resolve("work"));
    Files.createDirectories(folder.resolve("context"));
    Files.writeString(folder.resolve("context/file"), "from the context");
    var unpacker = new LayerUnpacker(UnpackLimits.DEFAULT, (_, _) -> {});
    var place = folder.resolve("layers");
    var layers = DirectoryLayerStore.open(place, unpacker, Leases.unneeded());
    var indexes = new LayerIndexes(place, unpacker, IndexLimits.DEFAULT, Leases.unneeded());
    var storage =
        new NodeStorage(
            layers,
            new OverlayLayerPacker(blobs, 2),
            new LinuxOverlays(),
            LinuxFileSystem::open,
            new NodeAccess(
                new CacheFolders(folder.resolve("caches")),
                new MachineSecrets(Map.of("PASSWORD", "open sesame"))));
    var commands =
        new NamespaceCommandRunner(
            LinuxFileSystem::open, new NamespaceCommandRunner.Settings("island", Duration.ZERO));
    executor =
        new LocalStageExecutor(
            storage,
            new LocalStageExecutor.Sources(
                new FolderContext(folder.resolve("context")),
                new LayerFetcher(blobs, new CountedImages(), layers, indexes),
                new RemoteFetcher(
                    _ -> {
                      throw new AssertionError("nothing is downloaded");
                    },
                    GitSettings.of(Map.of()),
                    LinuxFileSystem::open)),
            new Operations(commands),
            InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z")),
            work,
            new StorageChoice(wanted(), new LinuxOverlays(), work, _ -> {}),
            Optional.empty());
    var root = BusyboxRoot.make(folder.resolve("root"));
    var layer =
        new OverlayLayerPacker(remote, 1).pack(root, BuildOptions.DEFAULT, _ -> {}).orElseThrow();
    var source = new ImageSource.FromLayout("/base", "");
    base =
        new StageResult(
            List.of(new Layer(layer.blob(), layer.diffId(), Optional.of(source))),
            List.of(Json.Obj.EMPTY.with("created_by", Json.of("base"))));
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    if (Files.isDirectory(work)) {
      executor.close();
      assertThat(work).isEmptyDirectory();
      assertThat(Files.readString(Path.of("/proc/self/mountinfo")))
          .doesNotContain(folder.toString());
    }
  }

  static StageId id(String name) {
    return new StageId(Digest.sha256(name.getBytes(StandardCharsets.UTF_8)));
  }

  static Operation run(String command) {
    return new Operation.Run(List.of("/bin/sh", "-c", command), Map.of("PATH", "/bin"), "/", "");
  }

  static Operation copy(FileOrigin from, String source, String destination) {
    return new Operation.Copy(new TransferBuilder(from, destination).files(source).build());
  }

  static FileOrigin context() {
    return new FileOrigin.Context(new ContextRef("c"));
  }

  StageReady job(StageBase on, Map<StageId, StageResult> inputs, Operation... operations) {
    var steps = new ArrayList<Step>();
    for (var operation : operations) {
      steps.add(step(steps.size(), Optional.of(operation)));
    }
    steps.add(step(steps.size(), Optional.empty()));
    var stage =
        new Stage(
            id("stage"),
            0,
            "stage-0",
            on,
            steps,
            ImageConfig.scratch(Platform.of("linux", "amd64")));
    return new StageReady(new BuildId("b"), 1, stage, inputs, options);
  }

  private static Step step(int index, Optional<Operation> operation) {
    return new Step(
        SourceLocation.ofLine("Dockerfile", index + 2), "text", "step " + index, operation);
  }

  StageResult execute(Operation... operations) throws IOException, InterruptedException {
    return executor.execute(
        job(new StageBase.OfStage(BASE), Map.of(BASE, base), operations), listener);
  }

  List<String> entries(Layer layer) throws IOException {
    var names = new ArrayList<String>();
    try (var tar = new TarReader(new GZIPInputStream(blobs.open(layer.blob().digest())), 1 << 20)) {
      for (var entry = tar.next(); entry.isPresent(); entry = tar.next()) {
        names.add(entry.get().name());
      }
    }
    return names;
  }

  @Test
  void everyStepThatChangesSomethingGivesALayer() throws Exception {
    var result =
        execute(
            run("echo hi >/new; mkdir /made"),
            run("true"),
            run("rm /new /bin/dd"),
            copy(context(), "file", "/made/"));

    assertThat(result.layers()).hasSize(4).startsWith(base.layers().getFirst());
    assertThat(entries(result.layers().get(1))).containsExactly("made/", "new");
    assertThat(entries(result.layers().get(2)))
        .containsExactly("bin/", "bin/.wh.dd", ".wh.new")
        .doesNotHaveDuplicates();
    assertThat(entries(result.layers().get(3))).containsExactly("made/", "made/file");
    assertThat(result.history().stream().map(each -> each.string("created_by").orElse("")))
        .containsExactly("base", "step 0", "step 1", "step 2", "step 3", "step 4");
    assertThat(result.history().stream().map(each -> each.get("empty_layer").isPresent()))
        .containsExactly(false, false, true, false, false, true);
    assertThat(result.history().get(1).string("created")).contains("2026-01-02T03:04:05Z");
    assertThat(listener.sealed).containsExactly(0, 2, 3);
    assertThat(listener.steps).startsWith("start 0", "end 0", "start 1").hasSize(10);
  }

  @Test
  void aBaseIsDownloadedOnceAndThenThere() throws Exception {
    execute(run("true"));
    execute(run("true"));

    assertThat(downloads).hasValue(1);
    assertThat(blobs.size(base.layers().getFirst().blob().digest())).isPresent();
    assertThat(listener.transfers).contains(Transfer.DOWNLOAD, Transfer.UNPACK, Transfer.CACHED);
  }

  @Test
  void aStageThatOnlyConfiguresUnpacksNothing() throws Exception {
    var result = execute();

    assertThat(result.layers()).isEqualTo(base.layers());
    assertThat(result.history()).hasSize(2);
    assertThat(downloads).hasValue(0);
    assertThat(listener.steps).containsExactly("start 0", "end 0");
  }

  @Test
  void aRootFromScratchHasOnlyWhatIsCopied() throws Exception {
    var fromBase = new FileOrigin.FromStage(BASE);

    var result =
        executor.execute(
            job(
                new StageBase.Scratch(),
                Map.of(BASE, base),
                copy(fromBase, "/bin/busybox", "/bin/sh"),
                run("echo x >/x; echo y >>/etc/hosts"),
                copy(context(), "file", "/etc/hosts")),
            listener);

    assertThat(entries(result.layers().get(0))).containsExactly("bin/", "bin/sh");
    assertThat(entries(result.layers().get(1))).containsExactly("x");
    assertThat(entries(result.layers().get(2))).containsExactly("etc/", "etc/hosts");
  }

  @Test
  void filesOfAnImageWithManyLayersCanBeCopied() throws Exception {
    var steps = new Operation[120];
    Arrays.setAll(steps, i -> copy(context(), "file", "/many/" + i));

    var many = execute(steps);
    var id = id("many");
    var result =
        executor.execute(
            job(
                new StageBase.OfStage(id),
                Map.of(id, many),
                copy(new FileOrigin.FromStage(id), "/many", "/again"),
                run("ls /again /many | grep -c '^1'")),
            listener);

    assertThat(many.layers()).hasSize(121);
    assertThat(entries(result.layers().get(121))).hasSize(121);
    assertThat(String.join("", listener.printed)).isEqualTo("62\n");
  }

  @Test
  void aFailingCommandIsReportedWithItsPlaceAndLastLines() throws Exception {
    assertThatThrownBy(() -> execute(run("seq 1 50 >&2; echo oops >&2; exit 42"), run("true")))
        .isInstanceOfSatisfying(
            FailureException.class,
            thrown -> {
              var failure = thrown.failure();
              assertThat(failure.name()).isEqualTo("run-failed");
              assertThat(failure.message()).contains("exit status 42");
              assertThat(failure.exitCode()).isEqualTo(42);
              assertThat(failure.at()).contains(SourceLocation.ofLine("Dockerfile", 2));
              assertThat(failure.output()).contains("oops", "50").hasSize(20);
            });
    assertThatThrownBy(() -> execute(run("kill -9 $$")))
        .isInstanceOfSatisfying(
            FailureException.class,
            thrown -> assertThat(thrown.failure().exitCode()).isEqualTo(255));
    assertThat(listener.steps).doesNotContain("start 1");
  }

  @Test
  void aMissingSourceIsReportedWithItsPlace() {
    assertThatThrownBy(() -> execute(run("true"), copy(context(), "missing", "/")))
        .isInstanceOfSatisfying(
            FailureException.class,
            thrown ->
                assertThat(thrown.failure().at()).contains(SourceLocation.ofLine("Dockerfile", 3)));
  }

  @Test
  void oneLayerHoldsAllStepsIfAsked() throws Exception {
    options = new BuildOptions(Optional.empty(), LayerCompression.DEFAULT, true, Map.of());

    var result = execute(run("echo 1 >/one"), run("rm /one; echo 2 >/two"));

    assertThat(result.layers()).hasSize(2);
    assertThat(entries(result.layers().get(1))).containsExactly("two");
    assertThat(result.history().stream().map(each -> each.get("empty_layer").isPresent()))
        .containsExactly(false, true, false, true);
  }

  @Test
  void stagesRunSideBySide() throws Exception {
    var failure = new AtomicReference<Throwable>();
    var threads = new ArrayList<Thread>();
    for (var i = 0; i < 3; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                try {
                  var result = execute(run("echo hi >/new"), run("rm /new; touch /done"));
                  assertThat(entries(result.layers().get(2)))
                      .containsExactlyInAnyOrder(".wh.new", "done");
                } catch (IOException | InterruptedException | AssertionError failed) {
                  failure.set(failed);
                }
              }));
    }
    for (var thread : threads) {
      thread.join();
    }

    assertThat(failure.get()).isNull();
    assertThat(downloads).hasValue(1);
  }

  @Test
  void anInterruptEndsTheStage() throws Exception {
    var thrown = new AtomicReference<Throwable>();
    var thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                execute(run("echo begun; sleep 4714"), run("true"));
              } catch (IOException | InterruptedException ended) {
                thrown.set(ended);
              }
            });
    assertThat(listener.printing.await(1, TimeUnit.MINUTES)).isTrue();

    thread.interrupt();
    thread.join();

    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
  }
}
