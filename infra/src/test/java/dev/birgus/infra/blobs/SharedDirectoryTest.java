package dev.birgus.infra.blobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.testkit.BlobStoreContract;
import dev.birgus.infra.testkit.SharedBlobsContract;
import dev.birgus.infra.testkit.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedDirectoryTest implements SharedBlobsContract, BlobStoreContract {

  private static final byte[] HELLO = "hello".getBytes(UTF_8);
  private static final Digest DIGEST = Digest.sha256(HELLO);

  @TempDir Path folder;
  private int nodes;

  @BeforeEach
  void mount() throws IOException {
    Files.createDirectory(volume());
  }

  private Path volume() {
    return folder.resolve("volume");
  }

  @Override
  public Node newNode() throws IOException {
    nodes++;
    return new Node(
        DirectoryBlobStore.open(folder.resolve("node-" + nodes)), SharedDirectory.open(volume()));
  }

  @Override
  public BlobStore newStore() throws IOException {
    return newNode().store();
  }

  private Node nodeWithHello() throws IOException {
    var node = newNode();
    try (var writer = node.store().create()) {
      writer.write(HELLO);
      writer.commit();
    }
    return node;
  }

  private Path place() {
    return volume().resolve("sha256").resolve(DIGEST.hex());
  }

  @Test
  void everyUserMayReadABlobAndNothingIsLeftBesideIt() throws IOException {
    nodeWithHello();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place())))
        .isEqualTo("rw-r--r--");
    assertThat(volume().resolve("partial")).isEmptyDirectory();
  }

  @Test
  void aVolumeThatIsNotMountedIsNotTakenForAnEmptyOne() {
    assertThatThrownBy(() -> SharedDirectory.open(folder.resolve("missing")).close())
        .isInstanceOfSatisfying(
            StorageException.class,
            unusable -> assertThat(unusable.failure().name()).isEqualTo("blobs-unusable"))
        .hasMessageContaining("missing");
    assertThat(folder.resolve("missing")).doesNotExist();
  }

  @Test
  void aVolumeThatIsTakenAwayIsUnusableAndOneThatComesBackIsNot() throws IOException {
    var node = newNode();
    node.shared().check();

    var away = folder.resolve("away");
    Files.move(volume(), away);
    assertThatThrownBy(() -> node.shared().check())
        .isInstanceOfSatisfying(
            StorageException.class,
            unusable -> assertThat(unusable.failure().name()).isEqualTo("blobs-unusable"));

    Files.move(away, volume());
    node.shared().check();
    assertThat(volume().resolve("partial")).isEmptyDirectory();
  }

  @Test
  void whatADeadWriterLeftGoesAfterADayAndWhatALivingOneWritesStays() throws IOException {
    newNode();
    var dead = Files.createFile(volume().resolve("partial/blob-dead"));
    var living = Files.createFile(volume().resolve("partial/blob-living"));
    Files.setLastModifiedTime(dead, FileTime.from(Instant.now().minus(Duration.ofHours(25))));

    newNode();

    assertThat(dead).doesNotExist();
    assertThat(living).exists();
  }

  @Test
  void aBlobThatIsReadOrPublishedAgainCountsAsUsed() throws IOException {
    var node = nodeWithHello();
    var longAgo = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));

    Files.setLastModifiedTime(place(), longAgo);
    newNode().store().open(DIGEST).close();
    assertThat(Files.getLastModifiedTime(place())).isGreaterThan(longAgo);

    Files.setLastModifiedTime(place(), longAgo);
    node.shared().publish(DIGEST, node.own());
    assertThat(Files.getLastModifiedTime(place())).isGreaterThan(longAgo);
  }

  @Test
  void aDamagedBlobIsNamedAndNobodyKeepsIt() throws IOException {
    nodeWithHello();
    Files.writeString(place(), "jello");
    var other = newNode();

    assertThatThrownBy(() -> other.store().open(DIGEST).close())
        .isInstanceOfSatisfying(
            StorageException.class,
            damaged -> assertThat(damaged.failure().name()).isEqualTo("blob-damaged"))
        .hasMessageContaining(place().toString());
    assertThat(other.own().size(DIGEST)).isEmpty();
  }

  @Test
  void aBlobThatIsCutOnTheVolumeIsReplacedByWhoeverHasIt() throws IOException {
    var node = nodeWithHello();
    Files.writeString(place(), "he");

    node.shared().publish(DIGEST, node.own());

    assertThat(place()).hasContent("hello");
  }

  @Test
  void aBlobThatIsPrunedOnTheVolumeIsPublishedAgainByTheNextBuildThatMakesIt() throws IOException {
    var node = nodeWithHello();
    Files.delete(place());

    try (var writer = node.store().create()) {
      writer.write(HELLO);
      writer.commit();
    }

    assertThat(place()).hasContent("hello");
  }

  @Test
  void whatCanBeHadElsewhereIsNotShared() throws IOException {
    var node = newNode();
    try (var writer = node.store().createCopy()) {
      writer.write(HELLO);
      writer.commit();
    }

    assertThat(node.store().size(DIGEST)).hasValue(5);
    assertThat(newNode().store().size(DIGEST)).isEmpty();
  }

  @Test
  void aVolumeThatIsFullIsSaidToBeAndTheBlobIsNotAnnounced() throws Exception {
    // given
    var small = Files.createDirectory(folder.resolve("small"));
    try (var _ = SmallDisk.mount(small, "128k");
        var shared = SharedDirectory.open(small)) {
      var own = DirectoryBlobStore.open(folder.resolve("node"));
      var store = new LayeredBlobStore(own, shared);

      // when, then
      try (var writer = store.create()) {
        writer.write(new byte[1 << 20]);
        assertThatThrownBy(writer::commit)
            .isInstanceOfSatisfying(
                StorageException.class,
                full -> assertThat(full.failure().name()).isEqualTo("blobs-unusable"))
            .hasMessageContaining("full");
      }
      assertThat(shared.size(Digest.sha256(new byte[1 << 20]))).isEmpty();
      // And what is there can still be read.
      Files.write(small.resolve("sha256").resolve(DIGEST.hex()), HELLO);
      fill(small);
      try (var again = SharedDirectory.open(small)) {
        assertThat(again.fetch(DIGEST, own)).isTrue();
      }
      Files.delete(small.resolve("rest"));
      assertThat(small.resolve("partial")).isEmptyDirectory();
    }
  }

  private static void fill(Path disk) throws IOException {
    try (var rest = Files.newOutputStream(disk.resolve("rest"))) {
      while (true) {
        rest.write(new byte[1024]);
      }
    } catch (IOException full) {
      assertThat(DiskSpace.isExhausted(full)).isTrue();
    }
  }

  @Test
  void aDiskThatIsFullWhileABlobIsFetchedKeepsNothingOfIt() throws Exception {
    // given a blob that is larger than the disk of another node
    var bytes = new byte[1 << 20];
    var one = newNode();
    try (var writer = one.store().create()) {
      writer.write(bytes);
      writer.commit();
    }
    var small = Files.createDirectory(folder.resolve("small"));
    try (var _ = SmallDisk.mount(small, "128k");
        var own = DirectoryBlobStore.open(small.resolve("blobs"))) {
      var store = new LayeredBlobStore(own, one.shared());

      // when, then
      assertThatThrownBy(() -> store.open(Digest.sha256(bytes)).close())
          .isInstanceOfSatisfying(
              StorageException.class,
              full -> assertThat(full.failure().name()).isEqualTo("disk-full"));
      assertThat(own.size(Digest.sha256(bytes))).isEmpty();
      try (var left = Files.walk(small)) {
        assertThat(left.filter(Files::isRegularFile).mapToLong(path -> path.toFile().length()))
            .allMatch(length -> length == 0);
      }
    }
  }
}
