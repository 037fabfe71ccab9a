package dev.birgus.infra.blobs.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.blobs.BlobPlace;
import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.blobs.BulkInputStream;
import dev.birgus.infra.blobs.DirectoryBlobStore;
import dev.birgus.infra.blobs.LayeredBlobStore;
import dev.birgus.infra.blobs.StorageException;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.testkit.BlobStoreContract;
import dev.birgus.infra.testkit.Fault;
import dev.birgus.infra.testkit.FaultProxy;
import dev.birgus.infra.testkit.RealS3;
import dev.birgus.infra.testkit.SharedBlobsContract;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

class S3BlobsTest implements SharedBlobsContract, BlobStoreContract {

  private static final int LARGE = 40_000_000;

  @TempDir static Path server;
  private static RealS3 s3;

  @TempDir Path folder;
  private String prefix = "";
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeAll
  static void startServer() throws IOException {
    s3 = RealS3.start(server);
  }

  @AfterAll
  static void stopServer() {
    s3.close();
  }

  @BeforeEach
  void choosePrefix(TestInfo test) {
    prefix = test.getTestMethod().orElseThrow().getName() + "/blobs/";
  }

  @AfterEach
  void closeAll() throws Exception {
    for (var each : open.reversed()) {
      each.close();
    }
  }

  private BlobPlace.S3 place(URI endpoint) {
    return new BlobPlace.S3(RealS3.BUCKET, prefix, Optional.of(endpoint), Optional.empty(), true);
  }

  private Node node(URI endpoint) throws IOException {
    var shared = S3Blobs.open(place(endpoint), RealS3.environment());
    open.add(shared);
    var own = DirectoryBlobStore.open(folder.resolve("node-" + open.size()));
    open.add(own);
    return new Node(own, shared);
  }

  @Override
  public Node newNode() throws IOException {
    return node(s3.endpoint());
  }

  @Override
  public BlobStore newStore() throws IOException {
    return newNode().store();
  }

  private FaultProxy proxy() throws IOException {
    var proxy = new FaultProxy("127.0.0.1:" + s3.port());
    open.add(proxy);
    return proxy;
  }

  private Node nodeBehind(FaultProxy proxy) throws IOException {
    return node(URI.create("http://" + proxy.host()));
  }

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

  private Path object(Digest digest) {
    return s3.object(prefix + "sha256/" + digest.hex());
  }

  @Test
  void aBucketThatIsAwayIsUnusable() throws IOException {
    var proxy = proxy();
    var node = nodeBehind(proxy);
    node.shared().check();

    proxy.close();

    assertThatThrownBy(() -> node.shared().check())
        .isInstanceOfSatisfying(
            StorageException.class,
            unusable -> assertThat(unusable.failure().message()).contains(RealS3.BUCKET));
  }

  @Test
  void aLargeBlobTravelsInParts() throws IOException {
    var bytes = bytes(LARGE);
    var digest = write(newNode().store(), bytes);

    assertThat(object(digest)).hasSize(LARGE);
    try (var input = newNode().store().open(digest)) {
      assertThat(input.readAllBytes()).isEqualTo(bytes);
    }
  }

  @Test
  void partsGrowSoThatThereAreNeverTooMany() {
    for (var size : new long[] {1, 16L << 20, 17L << 20, 160L << 30, 200L << 30, 5L << 40}) {
      var part = S3Upload.partSize(size);
      assertThat((size + part - 1) / part).isBetween(1L, 10_000L);
      assertThat(part).isBetween(16L << 20, 5L << 30);
    }
  }

  @Test
  void readingGoesOnWhereTheServerCutIt() throws IOException {
    var bytes = bytes(3_000_000);
    var digest = write(newNode().store(), bytes);
    var proxy = proxy();
    var node = nodeBehind(proxy);
    proxy.on("GET .*", new Fault.CutAnswer(1_000_000), new Fault.CutAnswer(500_000));

    try (var input = node.store().open(digest)) {
      assertThat(input.readAllBytes()).isEqualTo(bytes);
    }
    assertThat(proxy.asked().stream().filter(each -> each.method().equals("GET")))
        .extracting(FaultProxy.Asked::range)
        .hasSize(3)
        .startsWith("bytes=0-", "bytes=1000000-");
  }

  @Test
  void wrongBytesAreKeptByNobody() throws IOException {
    var digest = write(newNode().store(), bytes(1000));
    var proxy = proxy();
    var node = nodeBehind(proxy);
    proxy.always(
        "GET .*",
        new Fault.ChangeBody(body -> {
          body[500] ^= 1;
          return body;
        }));

    assertThatThrownBy(() -> node.store().open(digest).close())
        .isInstanceOfSatisfying(
            StorageException.class,
            damaged -> assertThat(damaged.failure().name()).isEqualTo("blob-damaged"))
        .hasMessageContaining(digest.hex());
    assertThat(node.own().size(digest)).isEmpty();
  }

  @Test
  void ofAnUploadThatFailsNothingIsSeenAndTheServerIsToldToForgetIt() throws IOException {
    var proxy = proxy();
    var node = nodeBehind(proxy);
    proxy.always(
        "PUT .*", new Fault.Reply(500, "<Error><Code>InternalError</Code></Error>", List.of()));
    var bytes = bytes(LARGE);

    assertThatThrownBy(() -> write(node.store(), bytes))
        .isInstanceOfSatisfying(
            StorageException.class,
            failed -> assertThat(failed.failure().name()).isEqualTo("blobs-unusable"))
        .hasMessageContaining("500");
    assertThat(newNode().store().size(Digest.sha256(bytes))).isEmpty();
    assertThat(proxy.asked()).anyMatch(each -> each.method().equals("DELETE"));
  }

  @Test
  void aServerThatStopsDuringAnUploadShowsNothingOfItWhenItIsBack(@TempDir Path other)
      throws Exception {
    // given
    var bytes = bytes(LARGE);
    var digest = Digest.sha256(bytes);
    try (var own = DirectoryBlobStore.open(folder.resolve("own"))) {
      try (var writer = own.create()) {
        writer.write(bytes);
        writer.commit();
      }
      int port;
      try (var stopping = RealS3.start(other);
          var shared = S3Blobs.open(place(stopping.endpoint()), RealS3.environment())) {
        port = stopping.port();

        // when
        assertThatThrownBy(() -> shared.publish(digest, new StopsTheServer(own, stopping)))
            .isInstanceOf(StorageException.class)
            .hasMessageContaining("127.0.0.1:" + port);
      }

      // then
      try (var again = RealS3.start(other, port);
          var shared = S3Blobs.open(place(again.endpoint()), RealS3.environment())) {
        assertThat(shared.size(digest)).isEmpty();
        shared.publish(digest, own);
        assertThat(shared.size(digest)).hasValue(LARGE);
      }
    }
  }

  /** Ends a server when the second megabyte of a blob is read for it. */
  private record StopsTheServer(BlobStore own, RealS3 server) implements BlobStore {
    @Override
    public OptionalLong size(Digest digest) throws IOException {
      return own.size(digest);
    }

    @Override
    public InputStream open(Digest digest) throws IOException {
      var in = own.open(digest);
      return new BulkInputStream() {
        private long seen;

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
          seen += length;
          if (seen > 2_000_000) {
            stop();
          }
          return in.read(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
          in.close();
        }
      };
    }

    private void stop() throws IOException {
      try {
        server.kill();
      } catch (InterruptedException interrupted) {
        throw new IOException(interrupted);
      }
    }

    @Override
    public BlobWriter create() throws IOException {
      return own.create();
    }
  }

  @Test
  void anObjectThatIsADayOldIsWrittenAgainSoThatItDoesNotExpireInUse() throws IOException {
    var node = newNode();
    var digest = write(node.store(), bytes(100));
    var longAgo = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
    var fresh = Files.getLastModifiedTime(object(digest));

    node.shared().publish(digest, node.own());
    assertThat(Files.getLastModifiedTime(object(digest))).isEqualTo(fresh);

    Files.setLastModifiedTime(object(digest), longAgo);
    node.shared().publish(digest, node.own());
    assertThat(Files.getLastModifiedTime(object(digest))).isGreaterThan(longAgo);
  }

  @Test
  void aBucketThatIsNotThereIsSaidWhenItIsOpened() {
    var nowhere =
        new BlobPlace.S3("no-such-bucket", "", Optional.of(s3.endpoint()), Optional.empty(), true);

    assertThatThrownBy(() -> S3Blobs.open(nowhere, RealS3.environment()).close())
        .isInstanceOfSatisfying(
            StorageException.class,
            missing -> assertThat(missing.failure().advice()).contains("Make the bucket"))
        .hasMessageContaining("no-such-bucket");
  }

  @Test
  void aWrongSecretIsRefusedAndNotPrinted() {
    assertThatThrownBy(() -> S3Blobs.open(place(s3.endpoint()), RealS3.wrongEnvironment()).close())
        .isInstanceOfSatisfying(
            StorageException.class,
            refused -> {
              assertThat(refused.failure().advice()).contains("s3:ListBucket");
              assertThat(refused.failure().toString()).doesNotContain("shut-sesame");
            })
        .hasMessageContaining("403");
  }

  @Test
  void aServerThatIsNotThereIsNamed() {
    var nowhere = place(URI.create("http://127.0.0.1:9"));

    assertThatThrownBy(() -> S3Blobs.open(nowhere, RealS3.environment()).close())
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("127.0.0.1:9");
  }

  @Test
  void twoProcessesMayFetchTheSameBlobAtOnce() throws Exception {
    // given two stores on one directory, as processes of one node have it
    var bytes = bytes(2_000_000);
    var digest = write(newNode().store(), bytes);
    var shared = newNode().shared();
    try (var first = DirectoryBlobStore.open(folder.resolve("own"));
        var second = DirectoryBlobStore.open(folder.resolve("own"));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var reads =
          List.of(new LayeredBlobStore(first, shared), new LayeredBlobStore(second, shared))
              .stream()
              .map(store ->
                  threads.submit(() -> {
                    try (var input = store.open(digest)) {
                      return input.readAllBytes();
                    }
                  }))
              .toList();

      for (var read : reads) {
        assertThat(read.get()).isEqualTo(bytes);
      }
      assertThat(List.of(first.size(digest), second.size(digest)))
          .containsOnly(OptionalLong.of(bytes.length));
    }
  }
}
