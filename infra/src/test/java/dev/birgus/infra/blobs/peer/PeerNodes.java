package dev.birgus.infra.blobs.peer;

import dev.birgus.infra.blobs.BlobPlace;
import dev.birgus.infra.blobs.BlobPlace.Address;
import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.blobs.DirectoryBlobStore;
import dev.birgus.infra.blobs.LayeredBlobStore;
import dev.birgus.infra.blobs.PacedInputStream.Pace;
import dev.birgus.infra.doors.DoorSettings;
import dev.birgus.infra.doors.HttpDoors;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Nodes of one test, with their doors. */
final class PeerNodes implements AutoCloseable {

  static final PeerToken TOKEN = PeerToken.of("the-crab-opens-the-coconut");

  /** Half a second for everything, and little at once. */
  static final PeerLimits IMPATIENT =
      new PeerLimits(
          Duration.ofMillis(500),
          Duration.ofMillis(500),
          new Pace(1, Duration.ofSeconds(30)),
          700_000);

  private final Path folder;
  private final HttpDoors doors = new HttpDoors(Journal.silent());
  private final List<DirectoryBlobStore> stores = new ArrayList<>();
  private final List<PeerBlobs> seen = new ArrayList<>();
  private final List<Map<String, String>> told = new CopyOnWriteArrayList<>();
  private int count;

  PeerNodes(Path folder) {
    this.folder = folder;
  }

  /** A node with its door. */
  record Node(DirectoryBlobStore own, Address address) {}

  /** One more node. */
  Node start() throws IOException {
    return start(Optional.empty(), "127.0.0.1");
  }

  /** One more node, perhaps with TLS. */
  Node start(Optional<DoorSettings.Certificate> tls, String name) throws IOException {
    var own = own();
    var port =
        doors.open(
            "blobs", new DoorSettings("127.0.0.1", 0, tls), new PeerDoor(own, TOKEN).routes());
    return new Node(own, new Address(name, port));
  }

  /** The directory of one more node, without a door. */
  DirectoryBlobStore own() throws IOException {
    count++;
    var own = DirectoryBlobStore.open(folder.resolve("node-" + count));
    stores.add(own);
    return own;
  }

  /** How a node sees others. */
  PeerBlobs seeing(PeerToken token, PeerLimits limits, Address... others) {
    return seeing(token, limits, Optional.empty(), others);
  }

  PeerBlobs seeing(
      PeerToken token, PeerLimits limits, Optional<BlobPlace.Tls> tls, Address... others) {
    var place = new BlobPlace.Peers(List.of(others), new Address("127.0.0.1", 0), tls);
    var blobs =
        new PeerBlobs(
            place,
            token,
            limits,
            (_, message, context) -> {
              told.add(context);
              told.add(Map.of("message", message));
            });
    seen.add(blobs);
    return blobs;
  }

  /** The store of a node that sees others. */
  BlobStore store(DirectoryBlobStore own, Address... others) {
    return new LayeredBlobStore(own, seeing(TOKEN, IMPATIENT, others));
  }

  /** What the journal of all was told. */
  List<Map<String, String>> told() {
    return told;
  }

  static Digest write(BlobStore store, byte[] bytes) throws IOException {
    try (var writer = store.create()) {
      writer.write(bytes);
      return writer.commit();
    }
  }

  static Address address(String hostAndPort) {
    var colon = hostAndPort.lastIndexOf(':');
    return new Address(
        hostAndPort.substring(0, colon), Integer.parseInt(hostAndPort.substring(colon + 1)));
  }

  @Override
  public void close() throws IOException {
    doors.close();
    for (var each : stores) {
      each.close();
    }
    seen.forEach(PeerBlobs::close);
  }
}
