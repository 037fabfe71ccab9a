package dev.birgus.infra.blobs.peer;

import dev.birgus.infra.blobs.ResumingInputStream;
import dev.birgus.infra.blobs.StorageException;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to read a blob. It begins with one node, goes on there after a cut, and with another
 * one where that node is gone.
 */
final class PeerReading implements ResumingInputStream.Source {

  /** How often a node may cut what it sends. */
  private static final int CUTS = 5;

  private final Digest digest;
  private final PeerConnections connections;
  private final PeerRound round;
  private final long range;
  private final boolean alone;
  private final Set<Peer> failed;
  private final Set<Peer> givers = new LinkedHashSet<>();
  private final long size;
  private Peer peer;
  private long begun = -1;
  private int cuts;

  /** Reading, and whom it may be from. */
  record Rules(Digest digest, Set<Peer> without, boolean alone) {}

  PeerReading(
      Rules rules,
      PeerRound.Holder first,
      PeerConnections connections,
      PeerRound round,
      PeerLimits limits) {
    this.digest = rules.digest();
    this.alone = rules.alone();
    this.failed = new HashSet<>(rules.without());
    this.peer = first.peer();
    this.size = first.size();
    this.connections = connections;
    this.round = round;
    this.range = limits.range();
  }

  /** Those who have given something of it. */
  Set<Peer> givers() {
    return givers;
  }

  @Override
  public InputStream openAt(long offset) throws IOException {
    var isCut = begun >= 0 && offset < Math.min(begun + range, size);
    if (isCut && (offset == begun || ++cuts >= CUTS)) {
      giveUp(new IOException("it breaks off what it sends"));
    }
    while (true) {
      try {
        var content = connections.open(peer, digest, offset);
        begun = offset;
        givers.add(peer);
        return content;
      } catch (IOException gone) {
        refuseInterrupted(gone);
        giveUp(gone);
      }
    }
  }

  private static void refuseInterrupted(IOException gone) throws IOException {
    if (gone instanceof InterruptedIOException && !(gone instanceof SocketTimeoutException)) {
      throw gone;
    }
  }

  /** Goes on with another node, if there is one. */
  private void giveUp(IOException why) throws IOException {
    round.failed(peer, why);
    failed.add(peer);
    cuts = 0;
    var next = alone ? null : next();
    if (next == null) {
      throw new StorageException(
          Failure.of(
              "blob-unreachable",
              "the node " + peer + " has " + digest + " but does not give it: " + why.getMessage(),
              "See whether that node still lives, and try again."),
          why);
    }
    peer = next;
  }

  private @Nullable Peer next() throws IOException {
    try {
      return round
          .holder(digest, failed, OptionalLong.of(size))
          .map(PeerRound.Holder::peer)
          .orElse(null);
    } catch (PeerConnections.RefusedException othersDoNotTalkToUs) {
      return null;
    }
  }
}
