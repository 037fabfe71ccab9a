package dev.birgus.pusher.service;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event.LayerSealed;
import dev.birgus.infra.contracts.Event.PushAnnounced;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.pusher.upload.BlobUploads;
import dev.birgus.pusher.upload.BuildTraffic;
import dev.birgus.pusher.upload.EarlyUpload;
import dev.birgus.pusher.upload.UploadLedger;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The pushes that have begun before their builds have ended. A build's is known from its
 * announcement to its end; its end may come first, so the last ones are remembered.
 */
final class EarlyPushes implements AutoCloseable {

  private static final int REMEMBERED = 10_000;

  private final BlobUploads uploads;
  private final InstantSource clock;
  private final SequencedMap<BuildId, Begun> pushes = new LinkedHashMap<>();
  private final Set<EarlyUpload> ending = ConcurrentHashMap.newKeySet();
  private boolean closed;

  EarlyPushes(BlobUploads uploads, InstantSource clock) {
    this.uploads = uploads;
    this.clock = clock;
  }

  /**
   * What has been done for a build so far.
   *
   * @param stages whose layers its image has
   * @param upload empty if nothing is to be sent any more
   */
  private record Begun(UploadLedger ledger, Set<StageId> stages, Optional<EarlyUpload> upload) {}

  /** The push at the end of a build, which goes on with what was begun. Closed when it is over. */
  record Finishing(UploadLedger ledger, Optional<EarlyUpload> upload) implements AutoCloseable {
    @Override
    public void close() {
      upload.ifPresent(EarlyUpload::close);
    }
  }

  /** Begins with the layers that are known. */
  synchronized void announce(PushAnnounced announced, PushReport report) {
    var build = announced.build();
    if (closed || pushes.containsKey(build)) {
      return;
    }
    var ledger = new UploadLedger(clock);
    var destinations = announced.destinations();
    var traffic = BuildTraffic.to(destinations, build, ledger, report);
    var upload = new EarlyUpload(uploads, traffic, destinations, report::delayed);
    remember(build, new Begun(ledger, announced.stages(), Optional.of(upload)));
    announced.layers().forEach(upload::begin);
  }

  /** Begins with one layer more, if the image has it. */
  synchronized void sealed(LayerSealed sealed) {
    var begun = pushes.get(sealed.build());
    if (begun != null && begun.stages().contains(sealed.stage())) {
      begun.upload().ifPresent(upload -> upload.begin(sealed.layer()));
    }
  }

  /** From here on nothing is begun for the build but by its push. */
  synchronized Finishing finish(BuildId build) {
    var begun = pushes.getOrDefault(build, nothing());
    remember(build, new Begun(begun.ledger(), Set.of(), Optional.empty()));
    return new Finishing(begun.ledger(), begun.upload());
  }

  /** The build is over: what is still being sent is wanted no more. */
  synchronized void end(BuildId build) {
    pushes.getOrDefault(build, nothing()).upload().ifPresent(this::end);
    remember(build, nothing());
  }

  private Begun nothing() {
    return new Begun(new UploadLedger(clock), Set.of(), Optional.empty());
  }

  private void end(EarlyUpload upload) {
    upload.cancel();
    ending.add(upload);
    Thread.ofVirtual()
        .start(() -> {
          upload.close();
          ending.remove(upload);
        });
  }

  private void remember(BuildId build, Begun begun) {
    pushes.putLast(build, begun);
    if (pushes.size() > REMEMBERED) {
      pushes.pollFirstEntry().getValue().upload().ifPresent(this::end);
    }
  }

  /** Ends everything. Returns when nothing is sent any more. */
  @Override
  public void close() {
    List<Begun> running;
    synchronized (this) {
      closed = true;
      running = List.copyOf(pushes.values());
      pushes.clear();
    }
    running.forEach(begun -> begun.upload().ifPresent(EarlyUpload::cancel));
    running.forEach(begun -> begun.upload().ifPresent(EarlyUpload::close));
    ending.forEach(EarlyUpload::close);
  }
}
