package dev.birgus.infra.blobs.peer;

import static dev.birgus.infra.blobs.peer.PeerNodes.IMPATIENT;
import static dev.birgus.infra.blobs.peer.PeerNodes.TOKEN;
import static dev.birgus.infra.blobs.peer.PeerNodes.address;
import static dev.birgus.infra.blobs.peer.PeerNodes.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.blobs.BlobPlace.Address;
import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.blobs.DirectoryBlobStore;
import dev.birgus.infra.blobs.LayeredBlobStore;
import dev.birgus.infra.blobs.StorageException;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.testkit.BlobStoreContract;
import dev.birgus.infra.testkit.Fault;
import dev.birgus.infra.testkit.FaultProxy;
import dev.birgus.infra.testkit.SharedBlobsContract;
import dev.birgus.infra.testkit.SmallDisk;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerBlobsTest implements SharedBlobsContract, BlobStoreContract {

  @TempDir Path folder;
  private PeerNodes nodes;
  private final List<PeerNodes.Node> free = new ArrayList<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private Address[] all = {};

  @BeforeEach
  void startNodes() throws IOException {
    nodes = new PeerNodes(folder);
    for (var i = 0; i < 8; i++) {
      free.add(nodes.start());
    }
    all = free.stream().map(PeerNodes.Node::address).toArray(Address[]::new);
  }

  @AfterEach
  void closeAll() throws Exception {
    for (var each : open.reversed()) {
      each.close();
    }
    nodes.close();
  }

  @Override
  public Node newNode() {
    return new Node(free.removeFirst().own(), nodes.seeing(TOKEN, IMPATIENT, all));
  }

  @Override
  public BlobStore newStore() {
    return newNode().store();
  }

  private static byte[] wrong(byte[] body) {
    if (body.length > 10) {
      body[10] ^= 1;
    }
    return body;
  }

  private static byte[] bytes(int size) {
    var bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private FaultProxy before(PeerNodes.Node node) throws IOException {
    var proxy = new FaultProxy(node.address().toString());
    open.add(proxy);
    return proxy;
  }

  private static byte[] read(BlobStore store, Digest digest) throws IOException {
    try (var input = store.open(digest)) {
      return input.readAllBytes();
    }
  }

  @Test
  void readingGoesOnWhereItWasCutAtTheSameNode() throws IOException {
    var bytes = bytes(2_000_000);
    var node = free.removeFirst();
    var digest = write(node.own(), bytes);
    var proxy = before(node).on("GET .*", new Fault.CutAnswer(300_000), new Fault.CutAnswer(1000));
    var store = nodes.store(nodes.own(), address(proxy.host()));

    assertThat(read(store, digest)).isEqualTo(bytes);
    assertThat(proxy.asked("GET .*"))
        .extracting(FaultProxy.Asked::range)
        .startsWith("bytes=0-699999", "bytes=300000-999999", "bytes=301000-1000999");
  }

  @Test
  void aNodeThatIsKilledInTheMiddleOfABlobIsReplacedByAnother() throws Exception {
    // given a node in a process of its own, which has the blob as another one has
    var bytes = bytes(6_000_000);
    var other = free.removeFirst();
    var digest = write(other.own(), bytes);
    try (var directory = DirectoryBlobStore.open(folder.resolve("killed"))) {
      write(directory, bytes);
    }
    var process = process(folder.resolve("killed"));
    try (var port = process.inputReader(StandardCharsets.UTF_8)) {
      var killed = new Address("127.0.0.1", Integer.parseInt(port.readLine()));
      // The other is so far away that the one to be killed is the first to answer.
      var proxy = before(other).on("HEAD .*", new Fault.NoAnswer());
      var own = nodes.own();
      var shared = nodes.seeing(TOKEN, IMPATIENT, killed, address(proxy.host()));

      // when
      var found =
          shared.fetch(digest, new AfterSomeBytes(own, 3_000_000, process::destroyForcibly));

      // then
      assertThat(found).isTrue();
      assertThat(read(own, digest)).isEqualTo(bytes);
      assertThat(proxy.asked("GET .*").getFirst().range()).doesNotStartWith("bytes=0-");
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void aNodeThatIsKilledAndNobodyElseHasTheBlobIsNamedAndNothingIsKept() throws Exception {
    var bytes = bytes(6_000_000);
    try (var directory = DirectoryBlobStore.open(folder.resolve("killed"))) {
      write(directory, bytes);
    }
    var process = process(folder.resolve("killed"));
    try (var port = process.inputReader(StandardCharsets.UTF_8)) {
      var killed = new Address("127.0.0.1", Integer.parseInt(port.readLine()));
      var own = nodes.own();
      var shared = nodes.seeing(TOKEN, IMPATIENT, killed, free.getFirst().address());

      assertThatThrownBy(() ->
              shared.fetch(
                  Digest.sha256(bytes),
                  new AfterSomeBytes(own, 3_000_000, process::destroyForcibly)))
          .isInstanceOfSatisfying(
              StorageException.class,
              gone -> assertThat(gone.failure().name()).isEqualTo("blob-unreachable"))
          .hasMessageContaining(killed.toString());
      assertThat(own.size(Digest.sha256(bytes))).isEmpty();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static Process process(Path directory) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            PeerProcess.class.getName(),
            directory.toString(),
            "the-crab-opens-the-coconut")
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Does something when so many bytes of a blob have come. */
  private record AfterSomeBytes(BlobStore own, long bytes, Runnable action) implements BlobStore {
    @Override
    public OptionalLong size(Digest digest) throws IOException {
      return own.size(digest);
    }

    @Override
    public InputStream open(Digest digest) throws IOException {
      return own.open(digest);
    }

    @Override
    public BlobWriter create() throws IOException {
      var writer = own.create();
      return new BlobWriter() {
        private long seen;

        @Override
        public void write(int one) throws IOException {
          write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] written, int offset, int length) throws IOException {
          if (seen < bytes && seen + length >= bytes) {
            action.run();
          }
          seen += length;
          writer.write(written, offset, length);
        }

        @Override
        public Digest commit() throws IOException {
          return writer.commit();
        }

        @Override
        public void commit(Digest expected, long size) throws IOException {
          writer.commit(expected, size);
        }

        @Override
        public void close() throws IOException {
          writer.close();
        }
      };
    }
  }

  @Test
  void wrongBytesOfOneNodeAreReplacedByRightOnesOfAnother() throws IOException {
    for (var round = 0; round < 6; round++) {
      var bytes = bytes(1_500_000 + round);
      var liar = free.getFirst();
      var honest = free.getLast();
      var digest = write(liar.own(), bytes);
      write(honest.own(), bytes);
      var proxy = before(liar).always("GET .*", new Fault.ChangeBody(PeerBlobsTest::wrong));

      var own = nodes.own();
      var store = nodes.store(own, address(proxy.host()), honest.address());

      assertThat(read(store, digest)).isEqualTo(bytes);
    }
  }

  @Test
  void partsOfSeveralThatAreWrongTogetherAreAskedOfEachAlone() throws IOException {
    // given a liar who gives the first part, and is gone then
    var bytes = bytes(1_500_000);
    var liar = free.getFirst();
    var honest = free.getLast();
    var digest = write(liar.own(), bytes);
    write(honest.own(), bytes);
    var lying =
        before(liar)
            .on("GET .*", new Fault.ChangeBody(PeerBlobsTest::wrong))
            .always("GET .*", new Fault.Reply(503, "", List.of()));
    var slow = before(honest).on("HEAD .*", new Fault.NoAnswer());
    var own = nodes.own();

    assertThat(read(nodes.store(own, address(lying.host()), address(slow.host())), digest))
        .isEqualTo(bytes);
  }

  @Test
  void wrongBytesAreKeptByNobodyAndTheNodeIsTold() throws IOException {
    var node = free.removeFirst();
    var digest = write(node.own(), bytes(1000));
    var proxy = before(node).always("GET .*", new Fault.ChangeBody(PeerBlobsTest::wrong));
    var own = nodes.own();
    var store = nodes.store(own, address(proxy.host()));

    assertThatThrownBy(() -> store.open(digest).close())
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(proxy.host());
    assertThat(own.size(digest)).isEmpty();
    assertThat(nodes.told().toString()).contains("wrong bytes").contains(proxy.host());
  }

  @Test
  void aNodeThatHangsIsLeftForAnother() throws IOException {
    var bytes = bytes(1_000_000);
    var digest = write(free.getFirst().own(), bytes);
    write(free.getLast().own(), bytes);
    var hanging = before(free.getFirst()).always("GET .*", new Fault.StallAnswer(200_000));
    var slow = before(free.getLast()).on("HEAD .*", new Fault.NoAnswer());
    var store = nodes.store(nodes.own(), address(hanging.host()), address(slow.host()));

    assertThat(read(store, digest)).isEqualTo(bytes);
  }

  @Test
  void nodesThatAreGoneDoNotHideTheOneThatIsThere() throws IOException {
    var digest = write(free.getFirst().own(), bytes(10));
    var hanging = before(free.getLast()).always("HEAD .*", new Fault.NoAnswer());
    var gone = new Address("127.0.0.1", 9);
    var unknown = new Address("no-such-host.invalid", 80);
    var store =
        nodes.store(nodes.own(), gone, unknown, address(hanging.host()), free.getFirst().address());

    assertThat(store.size(digest)).hasValue(10);
    assertThat(read(store, digest)).isEqualTo(bytes(10));
    assertThat(store.size(Digest.sha256(bytes(11)))).isEmpty();
  }

  @Test
  void aDiskThatIsFullIsNotTheOtherNodesFault() throws Exception {
    var bytes = bytes(1_000_000);
    var node = free.removeFirst();
    var digest = write(node.own(), bytes);
    var small = Files.createDirectory(folder.resolve("small"));
    try (var _ = SmallDisk.mount(small, "256k");
        var own = DirectoryBlobStore.open(small.resolve("blobs"))) {
      var proxy = before(node);
      var store = nodes.store(own, address(proxy.host()));

      assertThatThrownBy(() -> store.open(digest).close())
          .isInstanceOfSatisfying(
              StorageException.class,
              full -> assertThat(full.failure().name()).isEqualTo("disk-full"));
      assertThat(own.size(digest)).isEmpty();
      assertThat(proxy.asked("GET .*")).hasSize(1);
    }
  }

  @Test
  void aWrongTokenIsRefusedAndNotPrinted() throws IOException {
    var node = free.removeFirst();
    var digest = write(node.own(), bytes(10));
    var wrong = PeerToken.of("another-token-of-somebody");
    var store = new LayeredBlobStore(nodes.own(), nodes.seeing(wrong, IMPATIENT, node.address()));

    assertThatThrownBy(() -> store.open(digest).close())
        .isInstanceOfSatisfying(
            StorageException.class,
            refused -> {
              assertThat(refused.failure().advice()).contains("same token");
              assertThat(refused.failure().toString()).doesNotContain("another-token");
            })
        .hasMessageContaining(node.address().toString());
    assertThat(nodes.told().toString()).doesNotContain("another-token");
    assertThat(wrong.toString()).doesNotContain("another-token");
  }

  @Test
  void aTokenThatCanBeGuessedIsRefusedWithoutSayingIt() {
    for (var token :
        new String[] {"", "tiny", "with a blank in its middle", "größer-als-sechzehn"}) {
      assertThatThrownBy(() -> PeerToken.of(token))
          .isInstanceOfSatisfying(
              FailureException.class,
              bad -> {
                assertThat(bad.failure().name()).isEqualTo("bad-peer-token");
                assertThat(token.isEmpty() || !bad.failure().toString().contains(token)).isTrue();
              });
    }
  }

  @Test
  void twoProcessesMayFetchTheSameBlobAtOnce() throws Exception {
    var bytes = bytes(3_000_000);
    var node = free.removeFirst();
    var digest = write(node.own(), bytes);
    var directory = folder.resolve("twice");
    try (var first = DirectoryBlobStore.open(directory);
        var second = DirectoryBlobStore.open(directory)) {
      var store = nodes.store(first, node.address());
      // The second fetches the blob whole when the first has half of it.
      var found =
          nodes
              .seeing(TOKEN, IMPATIENT, node.address())
              .fetch(
                  digest, new AfterSomeBytes(second, 1_500_000, () -> readQuietly(store, digest)));

      assertThat(found).isTrue();
      assertThat(read(second, digest)).isEqualTo(bytes);
    }
  }

  private static void readQuietly(BlobStore store, Digest digest) {
    try {
      read(store, digest);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
