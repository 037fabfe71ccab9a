package dev.birgus.cli.endtoend;

import dev.birgus.executor.fetch.GitSettings;
import dev.birgus.executor.service.ExecutorComposition;
import dev.birgus.executor.service.ExecutorDoors;
import dev.birgus.executor.service.ExecutorSettings;
import dev.birgus.infra.blobs.BlobPlace;
import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.blobs.ContextStore;
import dev.birgus.infra.blobs.DirectoryBlobStore;
import dev.birgus.infra.blobs.place.NodeBlobs;
import dev.birgus.infra.bus.InMemoryEventBus;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.Plan;
import dev.birgus.infra.contracts.ResolvedImage;
import dev.birgus.infra.contracts.Stage;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.node.Leases;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.Platform;
import dev.birgus.infra.registry.ImageSources;
import dev.birgus.infra.registry.Registries;
import dev.birgus.infra.registry.Registry;
import dev.birgus.infra.secrets.MachineSecrets;
import dev.birgus.infra.service.Service;
import dev.birgus.ingest.context.BlobContextStore;
import dev.birgus.ingest.context.ContextIntake;
import dev.birgus.ingest.context.LocalContextStore;
import dev.birgus.ingest.context.PackedContexts;
import dev.birgus.ingest.context.StandardInput;
import dev.birgus.ingest.context.UnpackLimits;
import dev.birgus.ingest.service.IngestService;
import dev.birgus.ingest.service.IngestSettings;
import dev.birgus.ingest.service.SubmittedBuild;
import dev.birgus.planner.resolve.SourcedBaseImages;
import dev.birgus.planner.service.DockerfilePlanning;
import dev.birgus.planner.service.PlannerService;
import dev.birgus.pusher.service.PusherService;
import dev.birgus.pusher.service.PusherSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The services of a build, each on a node of its own as far as blobs and contexts go, or all on one
 * with its files in place. They meet on one bus.
 */
final class NodesOfABuild implements AutoCloseable {

  private final Path folder;
  private final Optional<Path> volume;
  private final Journal journal = Journal.silent();
  private final InMemoryEventBus bus = InMemoryEventBus.reportingTo(journal);
  private final List<AutoCloseable> open = new ArrayList<>();
  private final CompletableFuture<Plan> plan = new CompletableFuture<>();
  private final CompletableFuture<Event> ending = new CompletableFuture<>();

  /**
   * Nodes that have not begun.
   *
   * @param volume where they share blobs; empty for one node
   */
  NodesOfABuild(Path folder, Optional<Path> volume) {
    this.folder = folder;
    this.volume = volume;
  }

  /** What came of a build: the ids of its stages, and the digest of the image's manifest. */
  record Outcome(List<String> stages, Digest image) {}

  private record Node(BlobStore blobs, ContextStore contexts, ContextIntake intake) {}

  /** Builds and waits for the image. */
  Outcome build(SubmittedBuild build) throws Exception {
    var first = node("ingest", Optional.empty());
    var ingest =
        new IngestService(
            new IngestSettings(folder.resolve("ingest/work"), UnpackLimits.DEFAULT),
            first.intake(),
            StandardInput.empty(),
            _ -> {
              throw new NoSuchFileException("nothing is fetched here");
            },
            () -> new BuildId("build"),
            journal);
    var planner = node("planner", Optional.of(first));
    var executor = node("executor", Optional.of(first));
    var pusher = node("pusher", Optional.of(first));
    var images = new NoImages();
    start(
        new PusherService(
            PusherSettings.DEFAULT,
            pusher.blobs(),
            images,
            new NoRegistries(),
            InstantSource.system(),
            journal));
    start(executor(executor, images));
    start(
        new PlannerService(
            new DockerfilePlanning(
                new SourcedBaseImages(images), planner.contexts(), build.platform()),
            journal));
    start(ingest);
    bus.subscribe(Topic.EVENTS, "test", this::watch);
    ingest.submit(build);
    var ended = ending.get(2, TimeUnit.MINUTES);
    if (ended instanceof Event.BuildSucceeded(_, var image, _)) {
      var stages = plan.get().stages().stream().map(Stage::id).map(Object::toString).toList();
      return new Outcome(stages, image);
    }
    throw new AssertionError("the build ended so: " + ended);
  }

  private Node node(String name, Optional<Node> only) throws IOException {
    if (volume.isEmpty() && only.isPresent()) {
      return only.get();
    }
    var own = DirectoryBlobStore.open(folder.resolve(name).resolve("blobs"));
    open.add(own);
    if (volume.isEmpty()) {
      var local = new LocalContextStore();
      return new Node(own, local, local);
    }
    var means =
        new NodeBlobs.Means(
            Map.of(),
            Optional.empty(),
            (_, _, _) -> {
              throw new AssertionError("a directory needs no door");
            },
            journal);
    var shared = NodeBlobs.open(new BlobPlace.Shared(volume.get()), own, means);
    open.add(shared);
    var contexts =
        BlobContextStore.open(
            shared.store(),
            new BlobContextStore.Settings(
                folder.resolve(name).resolve("contexts"), UnpackLimits.DEFAULT),
            Leases.unneeded(),
            journal);
    open.add(contexts);
    return new Node(shared.store(), contexts, new PackedContexts(shared.store(), journal));
  }

  private Service executor(Node node, ImageSources images) throws IOException {
    var state = Files.createDirectories(folder.resolve("executor"));
    return ExecutorComposition.node(
        ExecutorSettings.below(state, "executor", 2, GitSettings.of(Map.of())),
        new ExecutorDoors(
            node.blobs(),
            node.contexts(),
            images,
            _ -> {
              throw new NoSuchFileException("nothing is downloaded here");
            },
            new MachineSecrets(Map.of()),
            Leases.unneeded(),
            InstantSource.system(),
            journal));
  }

  private void start(Service service) {
    open.add(service);
    service.start(bus);
  }

  private void watch(Event event) {
    switch (event) {
      case Event.BuildPlanned(_, var made) -> plan.complete(made);
      case Event.BuildSucceeded _, Event.BuildFailed _, Event.BuildCancelled _ ->
          ending.complete(event);
      default -> {
        // The rest says how far it is.
      }
    }
  }

  @Override
  public void close() throws IOException {
    for (var each : open.reversed()) {
      try {
        each.close();
      } catch (Exception failed) {
        throw new IOException(failed);
      }
    }
  }

  /** Nothing is pushed anywhere. */
  private record NoRegistries() implements Registries {
    @Override
    public Registry push(String host) {
      throw new AssertionError("nothing is pushed here");
    }

    @Override
    public Registry pull(String host) {
      throw new AssertionError("nothing is pulled here");
    }
  }

  /** Every image is the empty one. */
  private record NoImages() implements ImageSources {
    @Override
    public ResolvedImage resolve(String name, ImageSource source, Platform platform)
        throws IOException {
      throw new NoSuchFileException(name);
    }

    @Override
    public InputStream open(ImageSource source, Descriptor blob) throws IOException {
      throw new NoSuchFileException(blob.digest().toString());
    }
  }
}
