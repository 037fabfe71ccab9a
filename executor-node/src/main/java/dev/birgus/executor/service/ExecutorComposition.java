package dev.birgus.executor.service;

import dev.birgus.executor.cache.CacheFolders;
import dev.birgus.executor.fetch.RemoteFetcher;
import dev.birgus.executor.files.LeftoverMounts;
import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.files.LinuxOverlays;
import dev.birgus.executor.files.Overlays;
import dev.birgus.executor.layer.DirectoryLayerStore;
import dev.birgus.executor.layer.IndexLimits;
import dev.birgus.executor.layer.IndexShelf;
import dev.birgus.executor.layer.LayerIndexes;
import dev.birgus.executor.layer.LayerShelf;
import dev.birgus.executor.layer.LayerUnpacker;
import dev.birgus.executor.layer.OverlayLayerPacker;
import dev.birgus.executor.layer.UnpackLimits;
import dev.birgus.executor.operation.Operations;
import dev.birgus.executor.run.InplaceGuard;
import dev.birgus.executor.run.LadderCommandRunner;
import dev.birgus.executor.run.LadderReport;
import dev.birgus.executor.run.Launcher;
import dev.birgus.executor.run.NamespaceCommandRunner;
import dev.birgus.executor.run.ProcessSweep;
import dev.birgus.executor.run.Rung;
import dev.birgus.executor.stage.LayerFetcher;
import dev.birgus.executor.stage.LocalStageExecutor;
import dev.birgus.executor.stage.NodeAccess;
import dev.birgus.executor.stage.NodeStorage;
import dev.birgus.executor.stage.RootStorage;
import dev.birgus.executor.stage.StorageChoice;
import dev.birgus.executor.stage.StorageDecision;
import dev.birgus.infra.node.ProcessFolder;
import dev.birgus.infra.node.Shelf;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** The one place where the parts of an executor node are put together. */
public final class ExecutorComposition {

  private static final String WORK = "node-";

  private ExecutorComposition() {}

  /**
   * A node on this Linux machine. What dead processes left in the work folder is removed.
   *
   * @throws IOException if the folders cannot be made or cleaned
   */
  public static ExecutorNode node(ExecutorSettings settings, ExecutorDoors doors)
      throws IOException {
    var work =
        ProcessFolder.open(settings.work(), WORK, ExecutorComposition::removeWork, doors.journal());
    try {
      var unpacker = new LayerUnpacker(UnpackLimits.DEFAULT, skipped(doors.journal()));
      var layers = DirectoryLayerStore.open(settings.layers(), unpacker, doors.leases());
      var indexes =
          new LayerIndexes(settings.layers(), unpacker, IndexLimits.DEFAULT, doors.leases());
      var packer =
          new OverlayLayerPacker(doors.blobs(), Runtime.getRuntime().availableProcessors());
      var access = new NodeAccess(new CacheFolders(settings.caches()), doors.secrets());
      var overlays = new LinuxOverlays();
      var storage = new NodeStorage(layers, packer, overlays, LinuxFileSystem::open, access);
      var commands = commands(settings, doors.journal());
      var executor =
          new LocalStageExecutor(
              storage,
              new LocalStageExecutor.Sources(
                  doors.contexts(),
                  new LayerFetcher(doors.blobs(), doors.images(), layers, indexes),
                  new RemoteFetcher(doors.downloads(), settings.git(), LinuxFileSystem::open)),
              new Operations(commands),
              doors.clock(),
              work.path(),
              choice(settings, overlays, work.path(), told(doors.journal())),
              settings
                  .isolation()
                  .filter(rung -> rung == Rung.INPLACE)
                  .map(_ -> new InplaceGuard(settings.inplace())));
      var stages = new LadderStageExecutor(executor, commands.ladder());
      return new ExecutorNode(
          new ExecutorNode.Identity(settings.node(), settings.slots(), settings.membership()),
          stages,
          doors.clock(),
          doors.journal(),
          new Machine(settings, work, doors.journal()));
    } catch (IOException | RuntimeException failed) {
      work.close();
      throw failed;
    }
  }

  /** The folders of a node. */
  private record Machine(ExecutorSettings settings, ProcessFolder work, Journal journal)
      implements ExecutorNode.Premises {
    @Override
    public NodeHealth health() {
      return NodeHealth.ofDisk(work.path(), settings.membership().leastSpace());
    }

    @Override
    public void sweep() throws IOException {
      ExecutorComposition.sweep(settings, journal);
    }

    @Override
    public void close() throws IOException {
      work.close();
    }
  }

  /**
   * Removes what dead processes left, mounts first.
   *
   * @param settings the folders of a node
   */
  public static void sweep(ExecutorSettings settings, Journal journal) throws IOException {
    ProcessFolder.open(settings.work(), WORK, ExecutorComposition::removeWork, journal).close();
  }

  /**
   * What runs the commands of a node, and knows which rungs of isolation work on this machine.
   * Nothing is tried before somebody asks.
   */
  public static LadderCommandRunner commands(ExecutorSettings settings, Journal journal) {
    return new LadderCommandRunner(
        LinuxFileSystem::open,
        new LadderCommandRunner.Settings(
            settings.isolation(),
            programs(settings.work()),
            new NamespaceCommandRunner.Settings(settings.hostName(), settings.grace()),
            settings.inplace()),
        report -> tell(report, journal));
  }

  private static Path programs(Path work) {
    return work.resolveSibling("programs");
  }

  /** Whoever has the highest rung need not be told. What fails if none works is the step. */
  private static void tell(LadderReport report, Journal journal) {
    if (report.chosen().isEmpty()) {
      return;
    }
    var rung = report.chosen().get();
    var reasons = new TreeMap<String, String>();
    for (var attempt : report.attempts()) {
      attempt.reason().ifPresent(reason -> reasons.put(attempt.rung().label(), reason));
    }
    journal.log(
        rung == Rung.NS ? Journal.Level.DEBUG : Journal.Level.INFO,
        "commands are run on the rung " + rung.label() + " of isolation",
        reasons);
  }

  /** The layers of a node, unpacked and indexed, which need not be kept for ever. */
  public static List<Shelf> shelves(ExecutorSettings settings) {
    return List.of(new LayerShelf(settings.layers()), new IndexShelf(settings.layers()));
  }

  /** Removes a work folder, with its mounts. */
  static void removeWork(Path root, String name) throws IOException {
    LeftoverMounts.unmountBelow(root.resolve(name));
    var launcher = Launcher.install(programs(root));
    if (launcher.isPresent()) {
      new ProcessSweep(launcher.get()).end(root.resolve(name));
    }
    try (var files = LinuxFileSystem.open(root)) {
      files.remove(name);
    }
  }

  /**
   * How a node with these settings would keep roots, found out by trying; nothing is left behind.
   *
   * @throws IOException if the work folder cannot be written to
   */
  public static StorageDecision storage(ExecutorSettings settings) throws IOException {
    var work = Files.createDirectories(settings.work());
    return choice(settings, new LinuxOverlays(), work, _ -> {}).decide();
  }

  private static StorageChoice choice(
      ExecutorSettings settings, Overlays overlays, Path work, Consumer<StorageDecision> told) {
    return new StorageChoice(settings.storage(), settings.isolation(), overlays, work, told);
  }

  private static Consumer<StorageDecision> told(Journal journal) {
    return decision -> {
      if (decision.storage() == RootStorage.TREE) {
        journal.log(
            Journal.Level.INFO,
            "root file systems are trees, not overlays",
            Map.of("reason", decision.reason()));
      }
    };
  }

  private static BiConsumer<String, String> skipped(Journal journal) {
    return (path, reason) ->
        journal.log(
            Journal.Level.WARN,
            "an entry of a layer was left out",
            Map.of(LogKeys.PATH, path, "reason", reason));
  }
}
