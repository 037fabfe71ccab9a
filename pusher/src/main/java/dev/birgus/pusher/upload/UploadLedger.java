package dev.birgus.pusher.upload;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What one build knows of where its blobs are. Registries remove blobs no manifest names, though
 * not soon: what was seen long ago is not relied on.
 */
public final class UploadLedger {

  /** How long a blob that was seen is taken to be there. */
  private static final Duration RELIED_ON = Duration.ofMinutes(5);

  private final InstantSource clock;
  private final Map<BlobPlace, Instant> seen = new ConcurrentHashMap<>();

  /** A build that knows nothing. */
  public UploadLedger(InstantSource clock) {
    this.clock = requireNonNull(clock, "clock");
  }

  boolean knows(BlobPlace place) {
    var at = seen.get(place);
    return at != null && clock.instant().isBefore(at.plus(RELIED_ON));
  }

  /** The blob is there. Returns whether the build did not know of it before. */
  boolean note(BlobPlace place) {
    return seen.put(place, clock.instant()) == null;
  }

  void forget(BlobPlace place) {
    seen.remove(place);
  }
}
