package dev.birgus.infra.blobs.peer;

import dev.birgus.infra.blobs.DirectoryBlobStore;
import dev.birgus.infra.doors.DoorSettings;
import dev.birgus.infra.doors.HttpDoors;
import dev.birgus.infra.observe.Journal;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A node in a process of its own, which says the port of its door and never ends by itself. */
final class PeerProcess {

  private PeerProcess() {}

  public static void main(String[] arguments) throws Exception {
    try (var store = DirectoryBlobStore.open(Path.of(arguments[0]));
        var doors = new HttpDoors(Journal.silent())) {
      var routes = new PeerDoor(store, PeerToken.of(arguments[1])).routes();
      System.out.println(doors.open("blobs", new DoorSettings("127.0.0.1", 0), routes));
      System.out.flush();
      new CountDownLatch(1).await();
    }
  }
}
