package dev.birgus.infra.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.blobs.DirectoryBlobStore;
import dev.birgus.infra.blobs.LayeredBlobStore;
import dev.birgus.infra.blobs.SharedBlobs;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What nodes can do with each other's blobs, wherever these are shared. */
public interface SharedBlobsContract {

  /**
   * A node of the cluster.
   *
   * @param own its own directory
   */
  record Node(DirectoryBlobStore own, SharedBlobs shared) {

    /** The store its services see. */
    public BlobStore store() {
      return new LayeredBlobStore(own, shared);
    }
  }

  /** One more node of the same cluster, with an empty directory. */
  Node newNode() throws IOException;

  private static byte[] bytes(int size) {
    var bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static Digest write(BlobStore store, byte[] bytes) throws IOException {
    try (var writer = store.create()) {
      writer.write(bytes);
      return writer.commit();
    }
  }

  @Test
  default void whatANodeHasWrittenAnotherReadsAndKeeps() throws IOException {
    var one = newNode();
    var other = newNode();
    for (var size : new int[] {0, 1, 70_000, 3_000_000}) {
      var bytes = bytes(size);

      var digest = write(one.store(), bytes);

      assertThat(other.store().size(digest)).hasValue(size);
      assertThat(other.own().size(digest)).isEmpty();
      try (var input = other.store().open(digest)) {
        assertThat(input.readAllBytes()).isEqualTo(bytes);
      }
      assertThat(other.own().size(digest)).hasValue(size);
    }
  }

  @Test
  default void whatNobodyHasIsNotThere() throws IOException {
    var store = newNode().store();
    newNode();
    var digest = Digest.sha256(bytes(10));

    assertThat(store.size(digest)).isEmpty();
    assertThatThrownBy(() -> store.open(digest).close()).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  default void whatIsNotCommittedIsSeenByNobody() throws IOException {
    var one = newNode();
    var other = newNode();
    var bytes = bytes(1000);
    try (var writer = one.store().create()) {
      writer.write(bytes);
    }
    try (var writer = one.store().create()) {
      writer.write(bytes);
      assertThatThrownBy(() -> writer.commit(Digest.sha256(bytes), 999))
          .isInstanceOf(IOException.class);
    }

    assertThat(other.store().size(Digest.sha256(bytes))).isEmpty();
  }

  @Test
  default void aBlobMayBeWrittenAndReadByManyNodesAtOnce() throws Exception {
    var bytes = bytes(200_000);
    var nodes = new ArrayList<Node>();
    for (var i = 0; i < 3; i++) {
      nodes.add(newNode());
    }
    write(nodes.getFirst().store(), bytes);
    var stores = nodes.stream().map(Node::store).toList();
    Callable<byte[]> writeAndRead =
        () -> {
          var digest = write(stores.get(1), bytes);
          try (var input = stores.get(2).open(digest)) {
            return input.readAllBytes();
          }
        };
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var each :
          threads.invokeAll(IntStream.range(0, 8).mapToObj(_ -> writeAndRead).toList())) {
        assertThat(each.get()).isEqualTo(bytes);
      }
    }
  }

  @Test
  default void aSha512DigestFindsItsBlobToo() throws IOException {
    var bytes = bytes(100);
    var zeros = new Digest("sha512", "0".repeat(128));
    var digest =
        new Digest("sha512", HexFormat.of().formatHex(zeros.newComputation().digest(bytes)));
    try (var writer = newNode().store().create()) {
      writer.write(bytes);
      writer.commit(digest, bytes.length);
    }

    try (var input = newNode().store().open(digest)) {
      assertThat(input.readAllBytes()).isEqualTo(bytes);
    }
  }
}
