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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The blobs a node's services see: its own, and those it shares as one line of settings says.
 * Beside them are notes: small blobs of a store that nothing gets into that others have made.
 */
public final class NodeBlobs implements AutoCloseable {

  /** What the folder of notes, or the prefix of their objects, is called in a place of blobs. */
  private static final String NOTES = "notes";

  private final BlobStore store;
  private final Optional<BlobStore> notes;
  private final List<SharedBlobs> shared;
  private final OptionalInt door;

  private NodeBlobs(
      BlobStore store, Optional<BlobStore> notes, List<SharedBlobs> shared, OptionalInt door) {
    this.store = store;
    this.notes = notes;
    this.shared = List.copyOf(shared);
    this.door = door;
  }

  /**
   * The directories of a node, which are not closed with this.
   *
   * @param notes for nodes that write notes
   */
  public record Own(DirectoryBlobStore blobs, Optional<DirectoryBlobStore> notes) {
    public Own {
      requireNonNull(blobs, "blobs");
      requireNonNull(notes, "notes");
    }
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

  /** Opens the blobs of a node that writes no notes. */
  public static NodeBlobs open(BlobPlace place, DirectoryBlobStore own, Means means)
      throws IOException {
    return open(place, new Own(own, Optional.empty()), means);
  }

  /**
   * Opens the blobs of a node.
   *
   * @throws dev.birgus.infra.blobs.StorageException {@code blobs-unusable} if the place cannot be
   *     used
   * @throws dev.birgus.infra.contracts.FailureException if a door cannot be opened, or the token is
   *     missing
   */
  public static NodeBlobs open(BlobPlace place, Own own, Means means) throws IOException {
    return switch (place) {
      case BlobPlace.Own() ->
          new NodeBlobs(own.blobs(), own.notes().map(each -> each), List.of(), OptionalInt.empty());
      case BlobPlace.Shared(var directory) -> {
        var blobs = SharedDirectory.open(directory);
        yield own.notes().isEmpty()
            ? sharing(own, List.of(blobs), OptionalInt.empty())
            : sharing(own, List.of(blobs, notesIn(directory)), OptionalInt.empty());
      }
      case BlobPlace.S3 bucket -> {
        var blobs = S3Blobs.open(bucket, means.environment());
        yield own.notes().isEmpty()
            ? sharing(own, List.of(blobs), OptionalInt.empty())
            : sharing(own, List.of(blobs, notesIn(bucket, means)), OptionalInt.empty());
      }
      case BlobPlace.Peers peers -> peers(own, peers, means);
    };
  }

  private static SharedBlobs notesIn(Path directory) throws IOException {
    return SharedDirectory.open(Files.createDirectories(directory.resolve(NOTES)));
  }

  private static SharedBlobs notesIn(BlobPlace.S3 bucket, Means means) throws IOException {
    var below =
        new BlobPlace.S3(
            bucket.bucket(),
            bucket.prefix() + NOTES + "/",
            bucket.endpoint(),
            bucket.region(),
            bucket.pathStyle());
    return S3Blobs.open(below, means.environment());
  }

  /**
   * A node's blobs and those of others.
   *
   * @param shared where blobs are, and after that where notes are, if there are any
   */
  private static NodeBlobs sharing(Own own, List<SharedBlobs> shared, OptionalInt door) {
    return new NodeBlobs(
        new LayeredBlobStore(own.blobs(), shared.getFirst()),
        own.notes().map(notes -> new LayeredBlobStore(notes, shared.getLast())),
        shared,
        door);
  }

  private static NodeBlobs peers(Own own, BlobPlace.Peers peers, Means means) {
    var token =
        means
            .token()
            .orElseThrow(() ->
                Failure.of(
                        "no-peer-token",
                        "nodes that have blobs from each other need a token, and there is none",
                        "Give all nodes the same token, in a file that only they can read.")
                    .toException());
    var routes = new PeerDoor(own.blobs(), token).routes();
    var shared = new ArrayList<SharedBlobs>();
    shared.add(new PeerBlobs(peers, token, PeerLimits.DEFAULT, means.journal()));
    if (own.notes().isPresent()) {
      routes.and(new PeerDoor(own.notes().get(), token, PeerDoor.NOTES).routes());
      shared.add(new PeerBlobs(peers, token, PeerLimits.DEFAULT, PeerDoor.NOTES, means.journal()));
    }
    var settings =
        new DoorSettings(
            peers.listen().host(),
            peers.listen().port(),
            peers.tls().map(tls -> new DoorSettings.Certificate(tls.certificate(), tls.key())));
    var port = means.doors().open("blobs", settings, routes);
    return sharing(own, shared, OptionalInt.of(port));
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
    for (var each : shared) {
      each.check();
    }
  }

  /**
   * Notes that all who write notes see; empty if this node writes none. Nothing gets in here that
   * builds or registries bring, so what a note says was said by a service.
   */
  public Optional<BlobStore> notes() {
    return notes;
  }

  /** The port of the door to this node's blobs, if it has one. */
  public OptionalInt door() {
    return door;
  }

  /** Ends connections. The door is the process's, and ends with it. */
  @Override
  public void close() throws IOException {
    for (var each : shared) {
      each.close();
    }
  }
}
