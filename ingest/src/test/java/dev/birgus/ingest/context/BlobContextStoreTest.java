package dev.birgus.ingest.context;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.blobs.ContextStore;
import dev.birgus.infra.contracts.ContextEntry.Identity;
import dev.birgus.infra.contracts.ContextRef;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.node.Leases;
import dev.birgus.infra.node.NodeLeases;
import dev.birgus.infra.node.PlainTree;
import dev.birgus.infra.node.Pruner;
import dev.birgus.infra.node.Retention;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.testkit.HostileTar;
import dev.birgus.infra.testkit.InMemoryBlobStore;
import dev.birgus.infra.testkit.SmallDisk;
import dev.birgus.ingest.ignore.IgnoreRules;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobContextStoreTest implements ContextStoreContract {

  @TempDir Path temp;
  private final InMemoryBlobStore blobs = new InMemoryBlobStore();
  private final List<BlobContextStore> opened = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (var each : opened) {
      each.close();
    }
    PlainTree.remove(temp.resolve("contexts"));
  }

  private BlobContextStore open(BlobStore blobs, Leases leases) throws IOException {
    var settings = new BlobContextStore.Settings(temp.resolve("contexts"), UnpackLimits.DEFAULT);
    var store = BlobContextStore.open(blobs, settings, leases, Journal.silent());
    opened.add(store);
    return store;
  }

  @Override
  public BlobContextStore store() throws IOException {
    return open(blobs, Leases.unneeded());
  }

  @Override
  public ContextStore.Context take(Path directory, String rules) throws IOException {
    return store().open(pack(directory, rules).ref());
  }

  private ContextPacker.Packed pack(Path directory, String rules) throws IOException {
    return new ContextPacker(directory, IgnoreRules.parse(rules)).pack(blobs);
  }

  private Path files(String name, String... files) throws IOException {
    var directory = Files.createDirectory(temp.resolve(name));
    for (var file : files) {
      var path = directory.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, "content of " + file);
      Files.setLastModifiedTime(path, FileTime.fromMillis(1_000_000));
    }
    try (var all = Files.walk(directory)) {
      for (var path : all.filter(Files::isDirectory).toList()) {
        Files.setLastModifiedTime(path, FileTime.fromMillis(2_000_000));
      }
    }
    return directory;
  }

  @Test
  void equalFilesMakeOneBlobWhoeverHasThemAndInWhateverOrderTheyWereMade() throws IOException {
    var one = files("one", "b/c", "a", "z");
    var other = files("other", "z", "a", "b/c", "ignored/secret");
    Files.setLastModifiedTime(other, FileTime.fromMillis(2_000_000));

    var packed = pack(one, "");

    // That something was left out is said in the blob, and is all that would differ.
    PlainTree.remove(other.resolve("ignored"));
    Files.setLastModifiedTime(other, FileTime.fromMillis(2_000_000));
    assertThat(pack(other, "ignored")).isEqualTo(packed);
    assertThat(packed.report().entries()).isEqualTo(5);
    assertThat(packed.report().bytes()).isEqualTo(38);
  }

  @Test
  void otherProgramsUnpackIt() throws Exception {
    var directory = files("one", "größe/a", "n".repeat(200) + "/b");
    Files.createLink(directory.resolve("z"), directory.resolve("größe/a"));
    var file = Files.createFile(temp.resolve("context.tar"));
    try (var out = Files.newOutputStream(file)) {
      new ContextPacker(directory, IgnoreRules.none()).pack(out);
    }
    var target = Files.createDirectory(temp.resolve("unpacked"));

    var tar =
        new ProcessBuilder("tar", "-xf", file.toString(), "-C", target.toString())
            .redirectErrorStream(true)
            .start();

    assertThat(new String(tar.getInputStream().readAllBytes(), UTF_8)).isEmpty();
    assertThat(tar.waitFor()).isZero();
    assertThat(target.resolve("n".repeat(200)).resolve("b")).exists();
    assertThat(target.resolve("z")).hasContent("content of größe/a");
    assertThat(Files.getLastModifiedTime(target.resolve("z")))
        .isEqualTo(FileTime.fromMillis(1_000_000));
  }

  @Test
  void whatIsIgnoredIsNotInTheBlob() throws IOException {
    var directory = files("one", "kept", "secret/key");
    var out = new ByteArrayOutputStream();

    new ContextPacker(directory, IgnoreRules.parse("secret")).pack(out);

    assertThat(out.toString(ISO_8859_1))
        .contains("content of kept")
        .doesNotContain("content of secret");
  }

  @Test
  void filesAreKnownByTheirContentAndAreRootsOnEveryNode() throws IOException {
    var context = take(files("one", "a"), "");

    var entry = context.index(Set.of("a")).get("a").orElseThrow();

    assertThat(entry.identity())
        .isEqualTo(new Identity.Content(Digest.sha256("content of a".getBytes(UTF_8))));
    assertThat(entry.uid()).isZero();
    assertThat(entry.gid()).isZero();
  }

  @Test
  void aContextIsUnpackedOnceOnANodeByManyThreadsAndProcesses() throws Exception {
    // given
    var packed = pack(files("one", "a", "b/c"), "").ref();
    var reads = new AtomicInteger();
    var counted = new CountedReads(blobs, reads);
    var first = open(counted, Leases.unneeded());
    Callable<Path> opening = () -> first.open(packed).directory();

    // when
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var directories =
          threads.invokeAll(Collections.nCopies(16, opening)).stream()
              .map(each -> each.resultNow())
              .distinct()
              .toList();
      assertThat(directories).hasSize(1);
    }
    var second = open(counted, Leases.unneeded()).open(packed);

    // then
    assertThat(reads).hasValue(1);
    assertThat(second.directory().resolve("b/c")).hasContent("content of b/c");
    assertThat(second.index(Set.of("")))
        .usingRecursiveComparison()
        .isEqualTo(first.open(packed).index(Set.of("")));
  }

  @Test
  void oneThatAnotherProcessUnpacksMeanwhileIsTheSame() throws IOException {
    // given a store in which another unpacks the context while this one reads the blob
    var packed = pack(files("one", "a"), "").ref();
    var other = store();
    var slow =
        new CountedReads(blobs, new AtomicInteger()) {
          @Override
          public InputStream open(Digest digest) throws IOException {
            other.open(packed);
            return super.open(digest);
          }
        };

    var context = open(slow, Leases.unneeded()).open(packed);

    assertThat(context.directory()).isEqualTo(other.open(packed).directory());
    assertThat(context.directory().resolve("a")).hasContent("content of a");
  }

  @Test
  void aContextThatWasPrunedIsUnpackedAgainAndOneInUseIsNotPruned() throws IOException {
    // given
    try (var leases =
        NodeLeases.open(temp.resolve("leases"), InstantSource.system(), Journal.silent())) {
      var used = pack(files("one", "a"), "").ref();
      var unused = pack(files("two", "b"), "").ref();
      var store = open(blobs, leases);
      store.open(unused);
      leases.release();
      store.open(used);
      var shelf = new ContextShelf(temp.resolve("contexts"));

      // when
      var outcome = new Pruner(leases, List.of(shelf), Journal.silent()).prune(Retention.upTo(0));

      // then
      assertThat(outcome.removed())
          .singleElement()
          .satisfies(each -> {
            assertThat(each.name()).isEqualTo("context:" + unused.blob().orElseThrow());
            assertThat(each.size()).isEqualTo(12);
          });
      assertThat(store.open(used).directory().resolve("a")).exists();
      assertThat(store.open(unused).directory().resolve("b")).hasContent("content of b");
    }
  }

  @Test
  void oneThatIsDamagedOnTheNodeIsUnpackedAgain() throws IOException {
    var packed = pack(files("one", "a"), "").ref();
    var place = ContextShelf.place(temp.resolve("contexts"), packed.blob().orElseThrow());
    store().open(packed);
    Files.write(place.resolve("index"), new byte[3]);

    var context = store().open(packed);

    assertThat(context.index(Set.of("a")).get("a")).isPresent();
  }

  @Test
  void aBlobThatIsNotThereIsSaidSo() throws IOException {
    var digest = Digest.sha256(new byte[1]);
    var store = store();

    assertThatThrownBy(() -> store.open(ContextRef.inBlob(digest)))
        .isInstanceOfSatisfying(
            FailureException.class,
            missing -> assertThat(missing.failure().name()).isEqualTo("context-missing"))
        .hasMessageContaining(digest.toString());
  }

  @Test
  void hostileArchivesAreUnpackedInTheirFolderOrRefused() throws IOException {
    var outside = Files.createDirectory(temp.resolve("outside"));
    var store = store();
    for (var seed = 0; seed < 300; seed++) {
      var ref = ContextRef.inBlob(blobs.add(HostileTar.random(seed, outside.toString())));
      try {
        var index = store.open(ref).index(Set.of(""));
        assertThat(index.get("")).isPresent();
      } catch (FailureException refused) {
        assertThat(refused.failure().name()).isIn("bad-archive", "bad-file-name");
      }
      assertThat(outside).isEmptyDirectory();
    }
  }

  @Test
  void aDiskThatIsTooSmallIsSaidAndKeepsNothing() throws Exception {
    // given
    Files.createDirectory(temp.resolve("contexts"));
    var directory = files("one");
    Files.write(directory.resolve("large"), new byte[1 << 20]);
    var packed = pack(directory, "").ref();
    try (var _ = SmallDisk.mount(temp.resolve("contexts"), "256k");
        var store =
            BlobContextStore.open(
                blobs,
                new BlobContextStore.Settings(temp.resolve("contexts"), UnpackLimits.DEFAULT),
                Leases.unneeded(),
                Journal.silent())) {

      // when, then
      assertThatThrownBy(() -> store.open(packed))
          .isInstanceOfSatisfying(
              FailureException.class,
              full -> assertThat(full.failure().name()).isEqualTo("disk-full"));
      assertThat(new ContextShelf(temp.resolve("contexts")).kept()).isEmpty();
    }
  }

  @Test
  void nothingIsLeftOfAContextThatCouldNotBeUnpacked() throws IOException {
    var tar = new HostileTar().file("a", "a").unfinished();
    var ref = ContextRef.inBlob(blobs.add(Arrays.copyOf(tar, tar.length - 100)));
    var store = store();

    assertThatThrownBy(() -> store.open(ref)).isInstanceOf(FailureException.class);

    assertThat(new ContextShelf(temp.resolve("contexts")).kept()).isEmpty();
    try (var left = Files.walk(temp.resolve("contexts"))) {
      assertThat(left.filter(path -> path.endsWith("files"))).isEmpty();
    }
  }

  /** Counts how often blobs are read. */
  private static class CountedReads implements BlobStore {
    private final BlobStore blobs;
    private final AtomicInteger reads;

    CountedReads(BlobStore blobs, AtomicInteger reads) {
      this.blobs = blobs;
      this.reads = reads;
    }

    @Override
    public OptionalLong size(Digest digest) throws IOException {
      return blobs.size(digest);
    }

    @Override
    public InputStream open(Digest digest) throws IOException {
      reads.incrementAndGet();
      return blobs.open(digest);
    }

    @Override
    public BlobWriter create() throws IOException {
      return blobs.create();
    }
  }
}
