package dev.birgus.cli.local;

import static java.util.Objects.requireNonNull;

import dev.birgus.cli.flags.BuildCommand;
import dev.birgus.infra.bus.InMemoryEventBus;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.BuildRequest;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.registry.RegistrySettings;
import dev.birgus.infra.registry.RemoteRegistries;
import dev.birgus.infra.registry.RoutingImageSources;
import dev.birgus.infra.registry.WebFiles;
import dev.birgus.ingest.context.LocalContextStore;
import dev.birgus.ingest.context.StandardInput;
import dev.birgus.ingest.context.UnpackLimits;
import dev.birgus.ingest.service.IngestService;
import dev.birgus.ingest.service.IngestSettings;
import dev.birgus.planner.resolve.SourcedBaseImages;
import dev.birgus.planner.service.CheckReport;
import dev.birgus.planner.service.DockerfileChecking;
import dev.birgus.planner.service.DockerfilePlanning;
import dev.birgus.planner.service.Preview;
import java.nio.file.Files;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Looks at a build without making it. Ingest does what it does for a build and publishes the
 * request; but who reads it here only plans. Closing removes what an archive was unpacked to.
 */
public final class LocalPreview implements AutoCloseable {

  private final BuildCommand command;
  private final Machine machine;
  private final Journal journal;
  private final InMemoryEventBus bus;
  private final LocalContextStore contexts = new LocalContextStore();
  private final BuildId id;
  private final RegistrySettings access;
  private final WebFiles web;
  private final IngestService ingest;

  /** A look at a build. */
  public LocalPreview(BuildCommand command, Machine machine, Journal journal) {
    this.command = requireNonNull(command, "command");
    this.machine = requireNonNull(machine, "machine");
    this.journal = requireNonNull(journal, "journal");
    this.bus = InMemoryEventBus.reportingTo(journal);
    var id = new BuildId("preview-" + machine.processId());
    this.id = id;
    this.access = RegistryConfiguration.of(command.registries(), machine);
    this.web = new WebFiles(access, journal);
    var state = machine.workingDirectory().resolve(command.stateDirectory()).normalize();
    this.ingest =
        new IngestService(
            new IngestSettings(state.resolve("contexts"), UnpackLimits.DEFAULT),
            contexts,
            new StandardInput(System.in, machine.inputIsTerminal()),
            LocalPipeline.remoteFiles(web),
            () -> id,
            journal);
  }

  /**
   * A Dockerfile and what there is to say about it.
   *
   * @param dockerfile with the text findings point into
   */
  public record Checked(BuildRequest.Dockerfile dockerfile, CheckReport report) {
    public Checked {
      requireNonNull(dockerfile, "dockerfile");
      requireNonNull(report, "report");
    }
  }

  /**
   * A build's Dockerfile, and its plan.
   *
   * @param request all that was asked for, but where the image goes
   */
  public record Planned(BuildRequest request, Preview preview) {
    public Planned {
      requireNonNull(request, "request");
      requireNonNull(preview, "preview");
    }
  }

  /**
   * Checks the Dockerfile.
   *
   * @param anywhere whether the working directory is the context if the one of the command is not
   *     there, because nobody named it
   * @throws dev.birgus.infra.contracts.FailureException if there is nothing to check
   */
  public Checked check(boolean anywhere) {
    var named = command.source().context();
    var missing = anywhere && Files.notExists(machine.workingDirectory().resolve(named));
    var request = request(missing ? "." : named);
    var report = new DockerfileChecking(contexts, machine.platform()).check(request);
    return new Checked(request.dockerfile(), report);
  }

  /**
   * Plans the build. Base images are looked up.
   *
   * @throws dev.birgus.infra.contracts.FailureException if it cannot be planned
   */
  public Planned plan() {
    var request = request(command.source().context());
    var credentials =
        RegistryConfiguration.credentials(command.registries(), access, machine, journal);
    try (var registries = new RemoteRegistries(access, credentials, journal)) {
      var sources =
          new RoutingImageSources(
              registries, command.registries().routes(), Optional.empty(), journal);
      var images = new SourcedBaseImages(sources);
      var planning = new DockerfilePlanning(images, contexts, machine.platform());
      return new Planned(request, planning.preview(id, request));
    } catch (InterruptedException unwanted) {
      Thread.currentThread().interrupt();
      throw Failure.of("cancelled", "planning was interrupted", "").toException(unwanted);
    }
  }

  private BuildRequest request(String context) {
    var requested = new CompletableFuture<BuildRequest>();
    bus.subscribe(
        Topic.BUILDS,
        "preview",
        event -> {
          if (event instanceof Event.BuildRequested(_, var request, _)) {
            requested.complete(request);
          }
        });
    ingest.start(bus);
    ingest.submit(Submission.lookedAt(command, machine, context));
    try {
      return requested.get();
    } catch (InterruptedException unwanted) {
      Thread.currentThread().interrupt();
      throw Failure.of("cancelled", "planning was interrupted", "").toException(unwanted);
    } catch (ExecutionException impossible) {
      throw new AssertionError("nobody completes it with an exception", impossible);
    }
  }

  @Override
  public void close() {
    ingest.close();
    web.close();
    bus.close();
  }
}
