package dev.birgus.infra.blobs.place;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.blobs.BlobPlace;
import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.blobs.DirectoryBlobStore;
import dev.birgus.infra.blobs.LayeredBlobStore;
import dev.birgus.infra.blobs.SharedBlobs;
import dev.birgus.infra.blobs.SharedDirectory;
import dev.birgus.infra.blobs.peer.PeerBlobs;
import dev.birgus.infra.blobs.peer.PeerDoor;
import dev.birgus.infra.blobs.peer.PeerLimits;
import dev.birgus.infra.blobs.peer.PeerToken;
import dev.birgus.infra.blobs.s3.S3Blobs;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.doors.DoorSettings;
import dev.birgus.infra.doors.Routes;
import dev.birgus.infra.observe.Journal;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The blobs a node's services see: its own, and those it shares as one line of settings says. */
public final class NodeBlobs implements AutoCloseable {

  private final BlobStore store;
  private final Optional<SharedBlobs> shared;
  private final OptionalInt door;

  private NodeBlobs(BlobStore store, Optional<SharedBlobs> shared, OptionalInt door) {
    this.store = store;
    this.shared = shared;
    this.door = door;
  }

  /** Opens a door of the process. */
  public interface Doors {
    /**
     * Opens a door.
     *
     * @return the port it listens on
     */
    int open(String name, DoorSettings settings, Routes routes);
  }

  /**
   * What places need that one line does not hold.
   *
   * @param environment variables, which hold the credentials of buckets
   * @param token of the nodes; needed by peers alone
   * @param doors of this process
   */
  public record Means(
      Map<String, String> environment, Optional<PeerToken> token, Doors doors, Journal journal) {
    public Means {
      environment = Map.copyOf(environment);
      requireNonNull(token, "token");
      requireNonNull(doors, "doors");
      requireNonNull(journal, "journal");
    }

    /** Says nothing of the variables. */
    @Override
    public String toString() {
      return "Means[" + token + "]";
    }
  }

  /**
   * Opens the blobs of a node.
   *
   * @param own its own directory, which is not closed with this
   * @throws dev.birgus.infra.blobs.StorageException {@code blobs-unusable} if the place cannot be
   *     used
   * @throws dev.birgus.infra.contracts.FailureException if a door cannot be opened, or the token is
   *     missing
   */
  public static NodeBlobs open(BlobPlace place, DirectoryBlobStore own, Means means)
      throws IOException {
    return switch (place) {
      case BlobPlace.Own() -> new NodeBlobs(own, Optional.empty(), OptionalInt.empty());
      case BlobPlace.Shared(var directory) -> sharing(own, SharedDirectory.open(directory));
      case BlobPlace.S3 bucket -> sharing(own, S3Blobs.open(bucket, means.environment()));
      case BlobPlace.Peers peers -> peers(own, peers, means);
    };
  }

  private static NodeBlobs sharing(DirectoryBlobStore own, SharedBlobs shared) {
    return new NodeBlobs(
        new LayeredBlobStore(own, shared), Optional.of(shared), OptionalInt.empty());
  }

  private static NodeBlobs peers(DirectoryBlobStore own, BlobPlace.Peers peers, Means means) {
    var token =
        means
            .token()
            .orElseThrow(() ->
                Failure.of(
                        "no-peer-token",
                        "nodes that have blobs from each other need a token, and there is none",
                        "Give all nodes the same token, in a file that only they can read.")
                    .toException());
    var blobs = new PeerBlobs(peers, token, PeerLimits.DEFAULT, means.journal());
    var settings =
        new DoorSettings(
            peers.listen().host(),
            peers.listen().port(),
            peers.tls().map(tls -> new DoorSettings.Certificate(tls.certificate(), tls.key())));
    var port = means.doors().open("blobs", settings, new PeerDoor(own, token).routes());
    return new NodeBlobs(
        new LayeredBlobStore(own, blobs), Optional.of(blobs), OptionalInt.of(port));
  }

  /** What the services of the node read and write. */
  public BlobStore store() {
    return store;
  }

  /**
   * Looks whether what is shared can be used, now.
   *
   * @throws dev.birgus.infra.blobs.StorageException if it cannot
   */
  public void check() throws IOException {
    if (shared.isPresent()) {
      shared.get().check();
    }
  }

  /** The port of the door to this node's blobs, if it has one. */
  public OptionalInt door() {
    return door;
  }

  /** Ends connections. The door is the process's, and ends with it. */
  @Override
  public void close() throws IOException {
    if (shared.isPresent()) {
      shared.get().close();
    }
  }
}
