package dev.birgus.infra.blobs.peer;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.blobs.BlobPlace;
import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.blobs.DigestMismatchException;
import dev.birgus.infra.blobs.ResumingInputStream;
import dev.birgus.infra.blobs.SharedBlobs;
import dev.birgus.infra.blobs.StorageException;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Blobs of the other nodes, who open a {@link PeerDoor} for each other. What this node has is there
 * for the others by its own door, so publishing is nothing more than having.
 *
 * <p>A node that gives wrong bytes is not asked for that blob again. Where several gave parts of a
 * blob that turns out wrong, each is asked for all of it.
 */
public final class PeerBlobs implements SharedBlobs {

  /** Cuts that bring nothing, in a row; each has been to another node by then. */
  private static final int ATTEMPTS = 100;

  private final PeerConnections connections;
  private final PeerRound round;
  private final PeerLimits limits;
  private final Journal journal;

  /**
   * The nodes of a cluster.
   *
   * @throws dev.birgus.infra.contracts.FailureException {@code certificate-invalid} if the
   *     authority's file cannot be used
   */
  public PeerBlobs(BlobPlace.Peers place, PeerToken token, PeerLimits limits, Journal journal) {
    this(place, token, limits, PeerDoor.BLOBS, journal);
  }

  /**
   * The same nodes, asked for others of their blobs.
   *
   * @param shelf the path of these at the nodes' doors
   */
  public PeerBlobs(
      BlobPlace.Peers place, PeerToken token, PeerLimits limits, String shelf, Journal journal) {
    this.limits = requireNonNull(limits, "limits");
    this.journal = requireNonNull(journal, "journal");
    this.connections =
        new PeerConnections(
            token, limits, place.tls().map(tls -> PeerTrust.in(tls.authority())), shelf);
    this.round = new PeerRound(place.addresses(), connections, journal);
  }

  @Override
  public OptionalLong size(Digest digest) throws IOException {
    try {
      var holder = round.holder(digest, Set.of(), OptionalLong.empty());
      return holder.isPresent() ? OptionalLong.of(holder.get().size()) : OptionalLong.empty();
    } catch (PeerConnections.RefusedException refused) {
      throw explained(refused);
    }
  }

  @Override
  public boolean fetch(Digest digest, BlobStore own) throws IOException {
    var without = new HashSet<Peer>();
    var alone = false;
    while (true) {
      var holder = holder(digest, without);
      if (holder == null) {
        return refuseLiars(digest, without);
      }
      var reading =
          new PeerReading(
              new PeerReading.Rules(digest, without, alone), holder, connections, round, limits);
      try {
        copy(digest, holder.size(), reading, own);
        return true;
      } catch (DigestMismatchException wrong) {
        if (reading.givers().size() == 1) {
          reading.givers().forEach(peer -> tellOf(peer, digest, wrong));
          without.addAll(reading.givers());
        } else {
          alone = true;
        }
      } catch (StorageException failed) {
        if (!alone || !failed.failure().name().equals("blob-unreachable")) {
          throw failed;
        }
        without.add(holder.peer());
      }
    }
  }

  private PeerRound.@Nullable Holder holder(Digest digest, Set<Peer> without) throws IOException {
    try {
      return round.holder(digest, without, OptionalLong.empty()).orElse(null);
    } catch (PeerConnections.RefusedException refused) {
      throw explained(refused);
    }
  }

  private void copy(Digest digest, long size, PeerReading reading, BlobStore own)
      throws IOException {
    try (var writer = own.createCopy();
        var content = new ResumingInputStream(reading, size, ATTEMPTS)) {
      content.transferTo(writer);
      writer.commit(digest, size);
    }
  }

  private void tellOf(Peer peer, Digest digest, DigestMismatchException wrong) {
    journal.log(
        Journal.Level.WARN,
        "a node gives wrong bytes",
        Map.of(
            "node",
            peer.toString(),
            LogKeys.DIGEST,
            digest.toString(),
            LogKeys.ERROR,
            String.valueOf(wrong.getMessage())));
  }

  private static boolean refuseLiars(Digest digest, Set<Peer> without) throws IOException {
    if (without.isEmpty()) {
      return false;
    }
    var failure =
        Failure.of(
            "blob-unreachable",
            "nobody gives " + digest + " as it should be, not these nodes: " + without,
            "Look at the disks of those nodes; birgus prune there makes them forget it.");
    throw new StorageException(failure, new NoSuchFileException(digest.toString()));
  }

  private static StorageException explained(PeerConnections.RefusedException refused) {
    return new StorageException(
        Failure.of(
            "blobs-unusable",
            "blobs of other nodes cannot be had: " + refused.getMessage(),
            "Give all nodes the same token."),
        refused);
  }

  @Override
  public void publish(Digest digest, BlobStore own) throws IOException {
    if (own.size(digest).isEmpty()) {
      throw new NoSuchFileException(digest.toString());
    }
  }

  @Override
  public void close() {
    round.close();
  }
}
