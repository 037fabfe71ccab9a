package dev.birgus.cli.local;

import static java.util.Objects.requireNonNull;

import dev.birgus.cli.flags.BuildCommand;
import dev.birgus.cli.progress.Ending;
import dev.birgus.executor.compression.LayerCompressor;
import dev.birgus.executor.fetch.Downloads;
import dev.birgus.executor.service.ExecutorComposition;
import dev.birgus.executor.service.ExecutorDoors;
import dev.birgus.infra.blobs.DirectoryBlobStore;
import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.bus.InMemoryEventBus;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.node.Leases;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.registry.ArchiveBlobs;
import dev.birgus.infra.registry.RegistryException;
import dev.birgus.infra.registry.RemoteRegistries;
import dev.birgus.infra.registry.RoutingImageSources;
import dev.birgus.infra.registry.SharedDownloads;
import dev.birgus.infra.registry.WebFiles;
import dev.birgus.infra.secrets.MachineSecrets;
import dev.birgus.infra.service.Service;
import dev.birgus.ingest.context.LocalContextStore;
import dev.birgus.ingest.context.RemoteFiles;
import dev.birgus.ingest.context.StandardInput;
import dev.birgus.ingest.context.UnpackLimits;
import dev.birgus.ingest.service.IngestService;
import dev.birgus.ingest.service.IngestSettings;
import dev.birgus.planner.resolve.SourcedBaseImages;
import dev.birgus.planner.service.DockerfilePlanning;
import dev.birgus.planner.service.PlannerService;
import dev.birgus.pusher.service.PusherService;
import dev.birgus.pusher.service.PusherSettings;
import dev.birgus.pusher.upload.PushPermissionCheck;
import dev.birgus.pusher.upload.UploadSettings;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One build by the four services in this process. Made, run once, closed; closing is safe from
 * another thread, also while it runs, and more than once.
 */
public final class LocalPipeline implements AutoCloseable {

  private final BuildCommand command;
  private final Machine machine;
  private final EventBus bus;
  private final Journal journal;
  private final InstantSource clock = InstantSource.system();
  private final CompletableFuture<Ending> ending = new CompletableFuture<>();

  /** What has to be closed, the last one first. */
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  private boolean closed;
  private @Nullable Housekeeping housekeeping;
  private @Nullable WebFiles web;

  /** A build that has not begun. */
  public LocalPipeline(BuildCommand command, Machine machine, EventBus bus, Journal journal) {
    this.command = requireNonNull(command, "command");
    this.machine = requireNonNull(machine, "machine");
    this.bus = requireNonNull(bus, "bus");
    this.journal = requireNonNull(journal, "journal");
  }

  /** The bus the services of one process meet on. */
  public static EventBus newBus(Journal journal) {
    return InMemoryEventBus.reportingTo(journal);
  }

  /**
   * Runs the build and returns when it has ended.
   *
   * @throws dev.birgus.infra.contracts.FailureException if it could not even begin; nothing was
   *     published then
   */
  public Ending run() {
    try {
      var ingest = compose();
      bus.subscribe(Topic.EVENTS, "local-pipeline", this::watch);
      ingest.submit(Submission.of(command, machine));
      var ended = ending.get();
      if (ended instanceof Ending.Succeeded(var manifest, _)) {
        ended = told(manifest, ended);
      }
      if (housekeeping != null && !(ended instanceof Ending.Cancelled)) {
        housekeeping.buildHasEnded();
      }
      return ended;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return new Ending.Cancelled("interrupted");
    } catch (ExecutionException impossible) {
      throw new AssertionError("nobody completes it with an exception", impossible);
    }
  }

  /** Sends digests to their addresses; who watches has seen the build's own end by now. */
  private Ending told(Digest manifest, Ending ended) {
    try {
      if (web != null) {
        new DigestAddresses(command.output()).send(web, manifest);
      }
      return ended;
    } catch (FailureException refused) {
      journal.log(Journal.Level.ERROR, refused.failure().message(), Map.of());
      return new Ending.Failed(refused.failure());
    }
  }

  /** The one place where the services of one process are put together. */
  private IngestService compose() throws InterruptedException {
    LayerCompressor.require(command.image().compression().codec());
    var state = StateFolder.open(machine, command.stateDirectory(), command.storage());
    // The first that is opened, for it is closed when nobody uses anything any more.
    var housekeeping = keep(Housekeeping.open(state, command.stateLimit(), clock, journal));
    this.housekeeping = housekeeping;
    var access = RegistryConfiguration.of(command.registries(), machine);
    var credentials =
        RegistryConfiguration.credentials(command.registries(), access, machine, journal);
    var registries = keep(new RemoteRegistries(access, credentials, journal));
    checkPush(registries);
    var contexts = new LocalContextStore();
    var blobs = blobs(state, housekeeping.leases());
    var archives = new ArchiveBlobs(blobs, state.archives(), state.executor().slots());
    var images =
        new SharedDownloads(
            new RoutingImageSources(
                registries, command.registries().routes(), Optional.of(archives), journal),
            blobs);
    var pusher = new PusherService(pushing(), blobs, images, registries, clock, journal);
    var planner =
        new PlannerService(
            new DockerfilePlanning(new SourcedBaseImages(images), contexts, machine.platform()),
            journal);
    var web = keep(new WebFiles(access, journal));
    this.web = web;
    var secrets = new MachineSecrets(machine.environment());
    var executor =
        executor(
            state,
            new ExecutorDoors(
                blobs,
                contexts,
                images,
                downloads(web),
                secrets,
                housekeeping.leases(),
                clock,
                journal));
    var ingest =
        new IngestService(
            new IngestSettings(state.contexts(), UnpackLimits.DEFAULT),
            contexts,
            new StandardInput(System.in, machine.inputIsTerminal()),
            remoteFiles(web),
            this::newBuildId,
            journal);
    start(pusher);
    start(executor);
    start(planner);
    start(ingest);
    return ingest;
  }

  private static Downloads downloads(WebFiles files) {
    return address -> {
      try {
        var file = files.openFile(address);
        return new Downloads.Opened(file.content(), file.modified());
      } catch (RegistryException refused) {
        throw refused.failure().toException(refused);
      }
    };
  }

  /** Files at addresses, as ingest takes them. */
  static RemoteFiles remoteFiles(WebFiles files) {
    return address -> {
      try {
        return files.open(address);
      } catch (RegistryException refused) {
        throw refused.failure().toException(refused);
      }
    };
  }

  private void checkPush(RemoteRegistries registries) throws InterruptedException {
    var output = command.output();
    if (output.push() && output.checkPush()) {
      var destinations =
          output.destinations().stream().map(BuildCommand.Destination::reference).toList();
      new PushPermissionCheck(registries).check(destinations);
    }
  }

  private PusherSettings pushing() {
    var output = command.output();
    var upload =
        new UploadSettings(UploadSettings.DEFAULT.parallelBlobs(), output.ignoreImmutableTags());
    return new PusherSettings(1, upload, output.pushEarly());
  }

  private DirectoryBlobStore blobs(StateFolder state, Leases leases) {
    try {
      return keep(DirectoryBlobStore.open(state.blobs(), leases, journal));
    } catch (IOException failed) {
      throw state.unusable(failed);
    }
  }

  private Service executor(StateFolder state, ExecutorDoors doors) {
    try {
      var settings =
          state
              .executor()
              .on(command.steps().isolation())
              .knowing(RootToKeep.of(command, machine, state.path()));
      return ExecutorComposition.node(settings, doors);
    } catch (IOException failed) {
      throw state.unusable(failed);
    }
  }

  private BuildId newBuildId() {
    return new BuildId("local-" + machine.processId() + "-" + clock.millis());
  }

  private void start(Service service) {
    keep(service);
    service.start(bus);
  }

  /** Has it closed at the end; at once if the end has been. */
  private <C extends AutoCloseable> C keep(C resource) {
    synchronized (open) {
      if (!closed) {
        open.push(resource);
        return resource;
      }
    }
    close(resource);
    throw Failure.of("cancelled", "the build was cancelled", "").toException();
  }

  private void watch(Event event) {
    switch (event) {
      case Event.BuildSucceeded(_, var manifest, var size) ->
          ending.complete(new Ending.Succeeded(manifest, size));
      case Event.BuildFailed(_, var failure) -> ending.complete(new Ending.Failed(failure));
      case Event.BuildCancelled(_, var reason) -> ending.complete(new Ending.Cancelled(reason));
      default -> {
        // The rest is for those who watch the build, not for those who wait for it.
      }
    }
  }

  /** Ends what is running, undoes mounts and removes the work folder. */
  @Override
  public void close() {
    while (true) {
      AutoCloseable next;
      synchronized (open) {
        closed = true;
        if (open.isEmpty()) {
          break;
        }
        next = open.pop();
        close(next);
      }
    }
    ending.complete(new Ending.Cancelled("closed"));
  }

  private void close(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception failed) {
      journal.log(
          Journal.Level.WARN,
          "something could not be closed",
          Map.of(LogKeys.ERROR, String.valueOf(failed.getMessage())));
    }
  }
}
