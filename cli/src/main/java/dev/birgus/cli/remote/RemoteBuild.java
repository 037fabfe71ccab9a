package dev.birgus.cli.remote;

import static java.util.Objects.requireNonNull;

import dev.birgus.cli.flags.BuildCommand;
import dev.birgus.cli.flags.SubmitCommand;
import dev.birgus.cli.local.Machine;
import dev.birgus.cli.local.RegistryConfiguration;
import dev.birgus.cli.local.StateFolder;
import dev.birgus.cli.local.Submission;
import dev.birgus.cli.progress.Ending;
import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.codec.StateCodec;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.BuildRequest;
import dev.birgus.infra.contracts.Delivery;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.node.PlainTree;
import dev.birgus.infra.node.ProcessFolder;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.ImageReference;
import dev.birgus.infra.registry.RegistryException;
import dev.birgus.infra.registry.WebFiles;
import dev.birgus.ingest.context.PackedContexts;
import dev.birgus.ingest.context.StandardInput;
import dev.birgus.ingest.context.UnpackLimits;
import dev.birgus.ingest.service.IngestService;
import dev.birgus.ingest.service.IngestSettings;
import dev.birgus.pusher.export.DigestFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * One build on a server. Its events are published on a bus of this process, where what shows a
 * build of this machine shows it too. Made, run once, closed; closing it before its end cancels the
 * build.
 */
public final class RemoteBuild implements AutoCloseable {

  private final SubmitCommand command;
  private final Machine machine;
  private final EventBus bus;
  private final Journal journal;
  private final RemoteServer server;
  private volatile Optional<String> running = Optional.empty();
  private volatile boolean closed;

  /** A build that has not begun. */
  public RemoteBuild(SubmitCommand command, Machine machine, EventBus bus, Journal journal) {
    this.command = requireNonNull(command, "command");
    this.machine = requireNonNull(machine, "machine");
    this.bus = requireNonNull(bus, "bus");
    this.journal = requireNonNull(journal, "journal");
    this.server = new RemoteServer(command.access());
  }

  /**
   * Submits the build and returns when it has ended.
   *
   * @throws FailureException if it could not begin, or the server is lost for good
   */
  public Ending run() {
    try {
      var asked = request();
      var request = remote(asked);
      var bytes = new StateCodec<>(BuildRequest.class).encode(request);
      var build = server.submit(bytes, UUID.randomUUID().toString());
      running = Optional.of(build);
      if (closed) {
        // It was ended while the server took it in.
        var _ = server.cancel(build, "interrupted");
      }
      journal.log(
          Journal.Level.INFO,
          "submitted; birgus logs " + build + " -f shows it from elsewhere",
          Map.of(LogKeys.BUILD, build));
      var end = new EventFeed(server, build, this::show, journal).follow();
      running = Optional.empty();
      if (end instanceof Event.BuildSucceeded(_, var manifest, _)) {
        writeFiles(asked, manifest);
      }
      show(Topic.EVENTS, end);
      return ending(end);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return new Ending.Cancelled("interrupted");
    }
  }

  private void show(Topic topic, Event event) {
    bus.publish(topic, event.subject(), event);
  }

  static Ending ending(Event end) {
    return switch (end) {
      case Event.BuildSucceeded(_, var manifest, var size) -> new Ending.Succeeded(manifest, size);
      case Event.BuildFailed(_, var failure) -> new Ending.Failed(failure);
      case Event.BuildCancelled(_, var reason) -> new Ending.Cancelled(reason);
      default -> throw new IllegalStateException("no end of a build: " + end);
    };
  }

  /** What is asked for, with its contexts on the server. */
  private BuildRequest request() throws InterruptedException {
    var build = command.build();
    var state = StateFolder.open(machine, build.stateDirectory());
    var access = RegistryConfiguration.of(build.registries(), machine);
    var made = new CompletableFuture<BuildRequest>();
    try (var folder = ProcessFolder.open(state.contexts(), "submit-", PlainTree::remove, journal);
        var web = new WebFiles(access, journal);
        var ingest =
            new IngestService(
                new IngestSettings(state.contexts(), UnpackLimits.DEFAULT),
                new PackedContexts(new RemoteBlobs(server, folder.path()), journal),
                new StandardInput(System.in, machine.inputIsTerminal()),
                address -> {
                  try {
                    return web.open(address);
                  } catch (RegistryException refused) {
                    throw refused.failure().toException(refused);
                  }
                },
                () -> new BuildId("submitted-" + machine.processId()),
                journal);
        var _ = bus.subscribe(Topic.BUILDS, "submit", event -> take(event, made))) {
      ingest.start(bus);
      var _ = ingest.submit(Submission.onServer(build, machine));
      return made.get().with(command.scheduling());
    } catch (IOException failed) {
      throw state.unusable(failed);
    } catch (ExecutionException impossible) {
      throw new AssertionError("nobody completes it with an exception", impossible);
    }
  }

  private static void take(Event event, CompletableFuture<BuildRequest> made) {
    if (event instanceof Event.BuildRequested(_, var request, _)) {
      made.complete(request);
    }
  }

  /** The request as the server gets it: files are written here, of what it has made. */
  private static BuildRequest remote(BuildRequest asked) {
    var deliveries = new ArrayList<Delivery>();
    for (var delivery : asked.deliveries()) {
      switch (delivery) {
        case Delivery.ToRegistry registry -> deliveries.add(registry);
        case Delivery.ToDigestFile _ -> {}
        case Delivery.ToTar _, Delivery.ToLayout _ ->
            throw Failure.of(
                    "local-output",
                    "a server writes no archives on this machine",
                    "Build with birgus build, or push to a registry and copy from there.")
                .toException();
      }
    }
    return new BuildRequest(
        asked.dockerfile(),
        asked.context(),
        asked.namedContexts(),
        asked.arguments(),
        asked.labels(),
        asked.targets(),
        asked.uncached(),
        asked.platform(),
        asked.tags(),
        deliveries,
        asked.options(),
        asked.scheduling());
  }

  private void writeFiles(BuildRequest asked, Digest manifest) throws InterruptedException {
    var destinations = destinations(command.build());
    for (var delivery : asked.deliveries()) {
      if (delivery instanceof Delivery.ToDigestFile file) {
        DigestFile.write(file, destinations, manifest);
      }
    }
  }

  private static List<ImageReference> destinations(BuildCommand build) {
    return build.output().destinations().stream().map(BuildCommand.Destination::reference).toList();
  }

  /** Cancels the build if it runs. */
  @Override
  public void close() {
    closed = true;
    try {
      running.ifPresent(this::cancel);
    } finally {
      server.close();
    }
  }

  private void cancel(String build) {
    running = Optional.empty();
    try (var canceller = new RemoteServer(command.access())) {
      var _ = canceller.cancel(build, "interrupted");
    } catch (FailureException | InterruptedException lost) {
      journal.log(
          Journal.Level.WARN,
          "the build could not be cancelled; birgus cancel " + build + " does it",
          Map.of(LogKeys.BUILD, build, LogKeys.ERROR, String.valueOf(lost.getMessage())));
    }
  }
}
