package dev.birgus.infra.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.blobs.BlobShelf;
import dev.birgus.infra.blobs.DirectoryBlobStore;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrunerTest {

  @TempDir Path folder = Path.of("");

  private NodeLeases leases(long time) throws IOException {
    return NodeLeases.open(
        folder.resolve("leases"),
        InstantSource.fixed(Instant.ofEpochSecond(time)),
        Journal.silent());
  }

  private DirectoryBlobStore store(NodeLeases leases) throws IOException {
    return DirectoryBlobStore.open(folder.resolve("blobs"), leases, Journal.silent());
  }

  private Pruner pruner(NodeLeases leases) {
    var shelves = List.<Shelf>of(new BlobShelf(folder.resolve("blobs")));
    return new Pruner(leases, shelves, Journal.silent());
  }

  /** A build that ends: it makes a blob, or fetches one. */
  private Digest build(long time, String content, boolean made) throws IOException {
    var bytes = content.getBytes(StandardCharsets.UTF_8);
    try (var leases = leases(time);
        var store = store(leases);
        var writer = store.create()) {
      writer.write(bytes);
      if (made) {
        return writer.commit();
      }
      writer.commit(Digest.sha256(bytes), bytes.length);
      store.size(Digest.sha256(bytes));
      return Digest.sha256(bytes);
    }
  }

  private boolean isThere(Digest digest) {
    return Files.exists(folder.resolve("blobs/sha256").resolve(digest.hex()));
  }

  private static Retention everything() {
    return new Retention(true, false, Optional.empty(), OptionalLong.empty());
  }

  @Test
  void madeBlobsGoFirstAndThenThoseUsedLongestAgo() throws IOException {
    var old = build(1, "old", false);
    var made = build(3, "mad", true);
    var recent = build(2, "new", false);
    try (var leases = leases(4)) {

      var outcome = pruner(leases).prune(Retention.upTo(6));

      assertThat(outcome.freed()).isEqualTo(3);
      assertThat(outcome.left()).isEqualTo(6);
      assertThat(isThere(made)).isFalse();
      assertThat(isThere(old)).isTrue();
      pruner(leases).prune(Retention.upTo(3));
      assertThat(isThere(old)).isFalse();
      assertThat(isThere(recent)).isTrue();
    }
  }

  @Test
  void usingABlobMakesItYounger() throws IOException {
    var first = build(1, "one", false);
    var second = build(2, "two", false);
    try (var leases = leases(3);
        var store = store(leases)) {
      assertThat(store.size(first)).hasValue(3);
    }
    try (var leases = leases(4)) {
      pruner(leases).prune(Retention.upTo(3));
    }
    assertThat(isThere(first)).isTrue();
    assertThat(isThere(second)).isFalse();
  }

  @Test
  void whatALivingBuildHasAskedForStaysUntilItEnds() throws IOException {
    var digest = build(1, "one", true);
    try (var mine = leases(3)) {
      try (var other = leases(2);
          var store = store(other)) {
        assertThat(store.size(digest)).isPresent();

        assertThat(pruner(mine).prune(everything()).removed()).isEmpty();

        assertThat(isThere(digest)).isTrue();
        other.release();
        assertThat(pruner(mine).rehearse(everything()).freed()).isEqualTo(3);
        assertThat(isThere(digest)).isTrue();
      }
      assertThat(pruner(mine).prune(everything()).freed()).isEqualTo(3);
    }
    assertThat(isThere(digest)).isFalse();
    assertThat(folder.resolve("blobs/made")).isEmptyDirectory();
  }

  @Test
  void leasesOfAnotherProcessHoldUntilItIsKilled() throws Exception {
    // given a process that lives and has leased a blob
    var digest = build(1, "one", true);
    var process = Files.createDirectories(folder.resolve("leases/node-other"));
    Files.writeString(process.resolve("names"), "blob:" + digest + "\n");
    var holder = LockHolder.start(process.resolve("lock"));
    try (var leases = leases(2)) {
      assertThat(pruner(leases).prune(everything()).removed()).isEmpty();

      // when
      holder.destroyForcibly().waitFor();

      // then
      assertThat(pruner(leases).prune(everything()).removed()).hasSize(1);
      assertThat(isThere(digest)).isFalse();
    } finally {
      holder.destroyForcibly().waitFor();
    }
  }
}
