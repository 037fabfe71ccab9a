package dev.birgus.infra.blobs.place;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.blobs.BlobPlace;
import dev.birgus.infra.blobs.BlobPlace.Address;
import dev.birgus.infra.blobs.BlobPlaceSyntax;
import dev.birgus.infra.blobs.DirectoryBlobStore;
import dev.birgus.infra.blobs.peer.PeerToken;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.doors.HttpDoors;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeBlobsTest {

  private static final byte[] HELLO = "hello".getBytes(UTF_8);
  private static final Digest DIGEST = Digest.sha256(HELLO);

  @TempDir Path folder;
  private HttpDoors doors;

  @BeforeEach
  void open() {
    doors = new HttpDoors(Journal.silent());
  }

  @AfterEach
  void close() {
    doors.close();
  }

  private DirectoryBlobStore own(String name) throws IOException {
    return DirectoryBlobStore.open(folder.resolve(name));
  }

  private NodeBlobs.Means means(Optional<PeerToken> token) {
    return new NodeBlobs.Means(Map.of("SECRET", "never"), token, doors::open, Journal.silent());
  }

  private static void write(NodeBlobs blobs) throws IOException {
    try (var writer = blobs.store().create()) {
      writer.write(HELLO);
      writer.commit();
    }
  }

  @Test
  void aNodeAloneHasItsOwnDirectoryAndNothingElse() throws IOException {
    try (var own = own("own");
        var blobs = NodeBlobs.open(new BlobPlace.Own(), own, means(Optional.empty()))) {
      assertThat(blobs.store()).isSameAs(own);
      assertThat(blobs.door()).isEmpty();
    }
  }

  @Test
  void nodesOfOneDirectorySeeEachOthersBlobs() throws IOException {
    var place = BlobPlaceSyntax.parse("dir:" + Files.createDirectory(folder.resolve("volume")));
    try (var one = own("one");
        var other = own("other");
        var first = NodeBlobs.open(place, one, means(Optional.empty()));
        var second = NodeBlobs.open(place, other, means(Optional.empty()))) {
      write(first);
      assertThat(second.store().size(DIGEST)).hasValue(5);
    }
  }

  @Test
  void peersOpenDoorsForEachOther() throws IOException {
    // given two ports that are free, so that each node knows the other before it is there
    var ports = List.of(freePort(), freePort());
    var addresses = ports.stream().map(port -> new Address("127.0.0.1", port)).toList();
    var token = Optional.of(PeerToken.of("a-token-of-the-nodes"));
    try (var one = own("one");
        var other = own("other");
        var first = NodeBlobs.open(peers(addresses, 0), one, means(token));
        var second = NodeBlobs.open(peers(addresses, 1), other, means(token))) {
      write(first);

      assertThat(second.store().size(DIGEST)).hasValue(5);
      assertThat(first.door()).hasValue(ports.getFirst());
    }
  }

  @Test
  void notesAreSeenByAllWhoWriteThemAndAreNoBlobs() throws IOException {
    var ports = List.of(freePort(), freePort());
    var addresses = ports.stream().map(port -> new Address("127.0.0.1", port)).toList();
    var volume =
        new BlobPlace.Shared(Files.createDirectory(folder.resolve("volume")).toAbsolutePath());
    assertNotesAreShared("volume", volume, volume);
    assertNotesAreShared("peers", peers(addresses, 0), peers(addresses, 1));
  }

  private void assertNotesAreShared(String name, BlobPlace place, BlobPlace other)
      throws IOException {
    var means = means(Optional.of(PeerToken.of("a-token-of-the-nodes")));
    try (var one = own(name + "-1");
        var oneNotes = own(name + "-1n");
        var two = own(name + "-2");
        var twoNotes = own(name + "-2n");
        var first = NodeBlobs.open(place, new NodeBlobs.Own(one, Optional.of(oneNotes)), means);
        var second = NodeBlobs.open(other, new NodeBlobs.Own(two, Optional.of(twoNotes)), means)) {
      // when
      try (var writer = first.notes().orElseThrow().create()) {
        writer.write(HELLO);
        writer.commit();
      }

      // then
      assertThat(second.notes().orElseThrow().size(DIGEST)).as(name).hasValue(5);
      assertThat(first.store().size(DIGEST)).as(name).isEmpty();
      assertThat(second.store().size(DIGEST)).as(name).isEmpty();
    }
  }

  private static BlobPlace peers(List<Address> addresses, int own) {
    return new BlobPlace.Peers(addresses, addresses.get(own), Optional.empty());
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void peersWithoutATokenAreRefused() throws IOException {
    try (var own = own("own")) {
      assertThatThrownBy(() ->
              NodeBlobs.open(
                      BlobPlaceSyntax.parse("peers:127.0.0.1:1"), own, means(Optional.empty()))
                  .close())
          .isInstanceOfSatisfying(
              FailureException.class,
              missing -> assertThat(missing.failure().name()).isEqualTo("no-peer-token"));
    }
  }

  @Test
  void theMeansDoNotTellTheEnvironment() {
    assertThat(means(Optional.of(PeerToken.of("a-token-of-the-nodes"))).toString())
        .doesNotContain("never")
        .doesNotContain("a-token");
  }

  @ParameterizedTest
  @ValueSource(strings = {"own", "dir:"})
  void whatIsNotChosenIsNotLoaded(String kind) throws Exception {
    var place = kind.equals("own") ? kind : kind + Files.createDirectory(folder.resolve("volume"));
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                PlaceOpening.class.getName(),
                folder.resolve("own").toString(),
                place)
            .redirectErrorStream(true)
            .start();

    var loaded = new String(process.getInputStream().readAllBytes(), UTF_8);

    assertThat(process.waitFor()).as(loaded).isZero();
    assertThat(loaded)
        .contains("dev.birgus.infra.blobs.place.NodeBlobs")
        .doesNotContain("software.amazon")
        .doesNotContain("io.vertx")
        .doesNotContain("infra.blobs.peer.PeerBlobs")
        .doesNotContain("infra.blobs.s3");
  }
}
