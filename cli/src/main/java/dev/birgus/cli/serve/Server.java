package dev.birgus.cli.serve;

import static java.util.Objects.requireNonNull;

import dev.birgus.cli.configuration.ServeSettings;
import dev.birgus.cli.configuration.ServeSettings.Role;
import dev.birgus.cli.local.Machine;
import dev.birgus.cli.local.RegistryConfiguration;
import dev.birgus.cli.local.StateFolder;
import dev.birgus.executor.fetch.Downloads;
import dev.birgus.executor.service.ExecutorComposition;
import dev.birgus.executor.service.ExecutorDoors;
import dev.birgus.executor.service.ExecutorSettings;
import dev.birgus.executor.service.NodeMembership;
import dev.birgus.infra.blobs.DirectoryBlobStore;
import dev.birgus.infra.blobs.peer.PeerToken;
import dev.birgus.infra.blobs.place.NodeBlobs;
import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.bus.kafka.KafkaSettings;
import dev.birgus.infra.contracts.AdmissionRules;
import dev.birgus.infra.doors.Health;
import dev.birgus.infra.doors.HttpDoors;
import dev.birgus.infra.doors.Probe;
import dev.birgus.infra.doors.Routes;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import dev.birgus.infra.observe.Meter;
import dev.birgus.infra.observe.Metrics;
import dev.birgus.infra.registry.ArchiveBlobs;
import dev.birgus.infra.registry.RegistryException;
import dev.birgus.infra.registry.RemoteRegistries;
import dev.birgus.infra.registry.RoutingImageSources;
import dev.birgus.infra.registry.SharedDownloads;
import dev.birgus.infra.registry.WebFiles;
import dev.birgus.infra.secrets.OfferedSecrets;
import dev.birgus.infra.service.Service;
import dev.birgus.ingest.api.ApiService;
import dev.birgus.ingest.api.ApiSettings;
import dev.birgus.ingest.api.Tokens;
import dev.birgus.ingest.context.BlobContextStore;
import dev.birgus.ingest.context.UnpackLimits;
import dev.birgus.planner.flow.DeskSettings;
import dev.birgus.planner.flow.FlowSettings;
import dev.birgus.planner.resolve.SourcedBaseImages;
import dev.birgus.planner.service.DockerfilePlanning;
import dev.birgus.planner.service.PlannerService;
import dev.birgus.planner.service.PlannerSettings;
import dev.birgus.pusher.service.PusherService;
import dev.birgus.pusher.service.PusherSettings;
import dev.birgus.pusher.upload.UploadSettings;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The services of a server process on a bus, by its roles. Made, started, drained, closed; closing
 * is safe more than once.
 */
public final class Server implements AutoCloseable {

  private static final String BLOBS = "blobs";

  private final ServeSettings settings;
  private final Machine machine;
  private final Supplier<Tokens> tokens;
  private final Observation observation;
  private final InstantSource clock = InstantSource.system();
  private final List<Service> services = new ArrayList<>();

  /** What has to be closed, the last one first. */
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  private @Nullable ApiService api;

  /** Where a server tells how it does, and where it has its doors. */
  public record Observation(Metrics metrics, Health health, HttpDoors doors, Journal journal) {
    public Observation {
      requireNonNull(doors, "doors");
      requireNonNull(metrics, "metrics");
      requireNonNull(health, "health");
      requireNonNull(journal, "journal");
    }
  }

  /** A server that does nothing yet, whose tokens do not change. */
  public Server(ServeSettings settings, Machine machine, Tokens tokens, Observation observation) {
    this(settings, machine, () -> tokens, observation);
  }

  /** A server that does nothing yet. */
  public Server(
      ServeSettings settings, Machine machine, Supplier<Tokens> tokens, Observation observation) {
    this.settings = requireNonNull(settings, "settings");
    this.machine = requireNonNull(machine, "machine");
    this.tokens = requireNonNull(tokens, "tokens");
    this.observation = requireNonNull(observation, "observation");
    observation.health().expects(BLOBS);
    settings.process().roles().forEach(role -> observation.health().expects(role.word()));
  }

  /**
   * Starts the services on a bus, which outlives them.
   *
   * @throws dev.birgus.infra.contracts.FailureException if something they need is not there; what
   *     has been opened is to be closed
   */
  public void start(EventBus bus) {
    var state =
        StateFolder.open(
            machine, settings.state().directory().toString(), settings.node().storage());
    try {
      compose(state, bus);
    } catch (IOException failed) {
      throw state.unusable(failed);
    }
  }

  /** The one place where the services of a server are put together. */
  private void compose(StateFolder state, EventBus bus) throws IOException {
    var journal = observation.journal();
    var leases = leases(state, bus);
    var blobs = blobs(state, leases);
    var contexts =
        keep(
            BlobContextStore.open(
                blobs.store(),
                new BlobContextStore.Settings(state.unpackedContexts(), UnpackLimits.DEFAULT),
                leases,
                journal));
    var place = keep(new Probe(BLOBS, blobs::check, clock).start());
    observation.health().watch(BLOBS, place::problem);
    var access = RegistryConfiguration.of(settings.registries(), machine);
    var credentials =
        RegistryConfiguration.credentials(settings.registries(), access, machine, journal);
    var registries = keep(new RemoteRegistries(access, credentials, journal));
    var archives = new ArchiveBlobs(blobs.store(), state.archives(), settings.node().slots());
    var images =
        new SharedDownloads(
            new RoutingImageSources(
                registries, settings.registries().routes(), Optional.of(archives), journal),
            blobs.store());
    // First, for it ends what a killed process of its name has left open, which others wait for.
    if (has(Role.PLANNER)) {
      start(
          Role.PLANNER,
          new PlannerService(
              new DockerfilePlanning(new SourcedBaseImages(images), contexts, machine.platform()),
              journal,
              planning(),
              observation.metrics()),
          bus);
    }
    if (has(Role.PUSHER)) {
      var pusher = new PusherService(pushing(), blobs.store(), images, registries, clock, journal);
      start(Role.PUSHER, pusher, bus);
    }
    if (has(Role.EXECUTOR)) {
      var web = keep(new WebFiles(access, journal));
      var doors =
          new ExecutorDoors(
              blobs.store(), contexts, images, downloads(web), secrets(), leases, clock, journal);
      observation.metrics().gauge(Meter.SLOTS, () -> settings.node().slots());
      start(Role.EXECUTOR, ExecutorComposition.node(executor(state), doors), bus);
    }
    if (has(Role.INGEST)) {
      startDoors(state, blobs, bus);
    }
    keep(new StatePruning(state.path(), settings.state().limit(), leases, state.shelves(), journal))
        .start();
  }

  private TurningLeases leases(StateFolder state, EventBus bus) throws IOException {
    var longest = settings.builds().timeLimit();
    var builds = keep(new OpenBuilds(longest, clock));
    builds.start(bus);
    var terms = new TurningLeases.Terms(settings.builds().reuse(), longest);
    return keep(
        TurningLeases.open(state.leases(), terms, builds::oldest, clock, observation.journal()));
  }

  private NodeBlobs blobs(StateFolder state, TurningLeases leases) throws IOException {
    var journal = observation.journal();
    var own = keep(DirectoryBlobStore.open(state.blobs(), leases, journal));
    var notes =
        has(Role.INGEST)
            ? Optional.of(keep(DirectoryBlobStore.open(state.notes(), leases, journal)))
            : Optional.<DirectoryBlobStore>empty();
    var means =
        new NodeBlobs.Means(
            machine.environment(),
            settings.state().blobToken().map(PeerToken::of),
            observation.doors()::open,
            journal);
    return keep(NodeBlobs.open(settings.state().blobs(), new NodeBlobs.Own(own, notes), means));
  }

  private PusherSettings pushing() {
    return new PusherSettings(settings.pushes(), UploadSettings.DEFAULT, true).amongOthers();
  }

  private void startDoors(StateFolder state, NodeBlobs blobs, EventBus bus) {
    var metrics = new BuildMetrics(observation.metrics(), clock);
    keep(metrics).start(bus);
    var taken =
        new ApiService(
            new ApiSettings(
                state.path().resolve("builds"),
                settings.api().history(),
                settings.api().historyLimit(),
                settings.api().watchers(),
                settings.api().contextLimit(),
                admission()),
            tokens,
            new ApiService.Contexts(blobs.store(), blobs.notes().orElseThrow()),
            clock,
            observation.metrics(),
            observation.journal());
    start(Role.INGEST, taken, bus);
    api = taken;
  }

  /** What builds may ask for, whether they come through the API or as events. */
  private AdmissionRules admission() {
    var offer = settings.node().secrets();
    return new AdmissionRules(
        offer.directory().isPresent(),
        offer.variables(),
        settings.builds().entitlements(),
        settings.builds().timeLimit(),
        settings.builds().pools());
  }

  private PlannerSettings planning() {
    var usual = DeskSettings.DEFAULT;
    var builds = settings.builds();
    var lost = settings.bus().lease().multipliedBy(4);
    return new PlannerSettings(
        new FlowSettings(builds.networked(), Optional.of(admission())),
        new DeskSettings(
            builds.reuse(),
            builds.results(),
            builds.queue(),
            builds.attempts(),
            usual.nodeSilence(),
            lost),
        PlannerSettings.DEFAULT.mostPlans(),
        KafkaSettings.Retention.longest(settings.bus().retention()));
  }

  private boolean has(Role role) {
    return settings.process().has(role);
  }

  private ExecutorSettings executor(StateFolder state) {
    return ExecutorSettings.below(
            state.path(), settings.process().name(), settings.node().slots(), state.git())
        .on(settings.node().isolation())
        .with(settings.node().storage())
        .as(NodeMembership.of(settings.node().pool()));
  }

  private OfferedSecrets secrets() {
    var offer = settings.node().secrets();
    return new OfferedSecrets(
        new OfferedSecrets.Offer(offer.directory(), offer.variables()), machine.environment());
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

  private void start(Role role, Service service, EventBus bus) {
    keep(service);
    service.start(bus);
    services.add(service);
    observation.health().watch(role.word(), service::trouble);
  }

  private <C extends AutoCloseable> C keep(C resource) {
    open.push(resource);
    return resource;
  }

  /** What the API answers; nothing without that role. */
  public Routes routes() {
    return api == null ? new Routes() : api.routes();
  }

  /** Takes nothing new, and gives what runs this time. */
  public void drain(Duration grace) throws InterruptedException {
    observation.health().drain();
    var draining = new ArrayList<Thread>();
    for (var service : services) {
      draining.add(
          Thread.ofVirtual()
              .name("drain")
              .start(() -> {
                try {
                  service.drain(grace);
                } catch (InterruptedException closing) {
                  Thread.currentThread().interrupt();
                }
              }));
    }
    for (var each : draining) {
      each.join();
    }
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      var next = open.pop();
      try {
        next.close();
      } catch (Exception failed) {
        observation
            .journal()
            .log(
                Journal.Level.WARN,
                "something could not be closed",
                Map.of(LogKeys.ERROR, String.valueOf(failed.getMessage())));
      }
    }
  }
}
