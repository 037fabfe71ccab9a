package dev.birgus.cli.local;

import static java.util.Objects.requireNonNull;

import dev.birgus.cli.flags.BuildCommand;
import dev.birgus.cli.flags.PushCommand;
import dev.birgus.infra.blobs.DirectoryBlobStore;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Delivery;
import dev.birgus.infra.contracts.Delivery.ToDigestFile;
import dev.birgus.infra.contracts.Delivery.ToRegistry;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.registry.RemoteRegistries;
import dev.birgus.infra.registry.WebFiles;
import dev.birgus.pusher.archive.SavedImages;
import dev.birgus.pusher.service.SavedImagePush;
import dev.birgus.pusher.upload.PushPermissionCheck;
import dev.birgus.pusher.upload.UploadSettings;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Pushes a saved image. Made and run once; closing ends it, also from another thread. */
public final class LocalPush implements AutoCloseable {

  private final PushCommand command;
  private final Machine machine;
  private final InstantSource clock;
  private final Journal journal;
  private Optional<Thread> running = Optional.empty();
  private boolean closed;

  /** A push that has not begun. */
  public LocalPush(PushCommand command, Machine machine, InstantSource clock, Journal journal) {
    this.command = requireNonNull(command, "command");
    this.machine = requireNonNull(machine, "machine");
    this.clock = requireNonNull(clock, "clock");
    this.journal = requireNonNull(journal, "journal");
  }

  /**
   * Pushes the image to every destination.
   *
   * @return the digest it has there
   * @throws dev.birgus.infra.contracts.FailureException if it cannot be read or a destination did
   *     not get it
   */
  public Digest run() {
    begin();
    try {
      return push();
    } catch (InterruptedException ended) {
      throw Failure.of("cancelled", "the push was cancelled", "").toException(ended);
    } finally {
      end();
    }
  }

  private Digest push() throws InterruptedException {
    var settings = command.settings();
    var output = settings.output();
    var state = StateFolder.open(machine, settings.stateDirectory());
    var access = RegistryConfiguration.of(settings.registries(), machine);
    var credentials =
        RegistryConfiguration.credentials(settings.registries(), access, machine, journal);
    try (var housekeeping = Housekeeping.open(state, settings.stateLimit(), clock, journal);
        var blobs = DirectoryBlobStore.open(state.blobs(), housekeeping.leases(), journal);
        var registries = new RemoteRegistries(access, credentials, journal)) {
      if (output.checkPush()) {
        var destinations =
            output.destinations().stream().map(BuildCommand.Destination::reference).toList();
        new PushPermissionCheck(registries).check(destinations);
      }
      var path = machine.workingDirectory().resolve(command.path());
      var image = new SavedImages(blobs, state.executor().slots()).read(path);
      var upload =
          new UploadSettings(UploadSettings.DEFAULT.parallelBlobs(), output.ignoreImmutableTags());
      var id = new BuildId("push-" + machine.processId() + "-" + clock.millis());
      new SavedImagePush(registries, upload, clock, journal).run(id, image, deliveries());
      try (var web = new WebFiles(access, journal)) {
        new DigestAddresses(output).send(web, image.digest());
      }
      housekeeping.buildHasEnded();
      return image.digest();
    } catch (IOException failed) {
      throw state.unusable(failed);
    }
  }

  private List<Delivery> deliveries() {
    var output = command.settings().output();
    var deliveries = new ArrayList<Delivery>();
    for (var destination : output.destinations()) {
      deliveries.add(new ToRegistry(destination.reference(), destination.written()));
    }
    file(output.digestFile(), ToDigestFile.Content.DIGEST).ifPresent(deliveries::add);
    file(output.nameDigestFile(), ToDigestFile.Content.NAME_AND_DIGEST).ifPresent(deliveries::add);
    file(output.nameTagDigestFile(), ToDigestFile.Content.NAME_TAG_AND_DIGEST)
        .ifPresent(deliveries::add);
    return List.copyOf(deliveries);
  }

  private Optional<Delivery> file(Optional<String> path, ToDigestFile.Content content) {
    return DigestAddresses.path(path)
        .map(
            name -> new ToDigestFile(machine.workingDirectory().resolve(name).toString(), content));
  }

  private synchronized void begin() {
    if (closed) {
      throw Failure.of("cancelled", "the push was cancelled", "").toException();
    }
    running = Optional.of(Thread.currentThread());
  }

  private synchronized void end() {
    running = Optional.empty();
    notifyAll();
  }

  /** Ends the push if it runs. Returns when it does not any more. */
  @Override
  public synchronized void close() {
    closed = true;
    running.ifPresent(Thread::interrupt);
    while (running.isPresent() && running.get() != Thread.currentThread()) {
      try {
        wait();
      } catch (InterruptedException impatient) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
