package dev.birgus.infra.blobs.peer;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.blobs.PacedInputStream.Pace;
import java.time.Duration;

/**
 * How long a node waits for another one.
 *
 * @param connect until there is a connection
 * @param silence for an answer, and between two pieces of it
 * @param pace how slow a node may be
 * @param range how many bytes are asked for by one request, at least 1
 */
public record PeerLimits(Duration connect, Duration silence, Pace pace, long range) {

  /** A node that is gone costs two seconds at most, and one that hangs ten. */
  public static final PeerLimits DEFAULT =
      new PeerLimits(Duration.ofSeconds(2), Duration.ofSeconds(10), Pace.SLOWEST, 256L << 20);

  public PeerLimits {
    requireNonNull(connect, "connect");
    requireNonNull(silence, "silence");
    requireNonNull(pace, "pace");
    if (range < 1) {
      throw new IllegalArgumentException("a range of " + range + " bytes");
    }
  }
}
