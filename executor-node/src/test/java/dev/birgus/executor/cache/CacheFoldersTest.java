package dev.birgus.executor.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.executor.run.BusyboxRoot;
import dev.birgus.infra.contracts.RunMount.Sharing;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheFoldersTest {

  private static final Digest KEY = Digest.sha256(new byte[] {1});

  @TempDir Path folder = Path.of("");
  private final AtomicInteger filled = new AtomicInteger();

  @BeforeEach
  void needRoot() {
    BusyboxRoot.assume();
  }

  /** Takes the cache as another process of the node would: nothing is shared but the folder. */
  private CacheFolders.Held take(Sharing sharing) throws IOException, InterruptedException {
    return new CacheFolders(folder.resolve("caches"))
        .take(
            KEY,
            sharing,
            directory -> {
              filled.incrementAndGet();
              Files.writeString(directory.resolve("first"), "content");
            });
  }

  @Test
  void aCacheIsFilledOnceAndKept() throws Exception {
    try (var cache = take(Sharing.SHARED)) {
      Files.writeString(cache.directory().resolve("more"), "kept");
    }

    try (var cache = take(Sharing.LOCKED)) {
      assertThat(cache.directory().resolve("first")).hasContent("content");
      assertThat(cache.directory().resolve("more")).hasContent("kept");
    }
    assertThat(filled).hasValue(1);
  }

  @Test
  void aSharedCacheIsTheSameForAllAtOnce() throws Exception {
    try (var one = take(Sharing.SHARED);
        var other = take(Sharing.SHARED)) {
      assertThat(other.directory()).isEqualTo(one.directory());
    }
  }

  @Test
  void aPrivateCacheIsAnotherWhileItIsInUse() throws Exception {
    Path first;
    try (var one = take(Sharing.PRIVATE);
        var other = take(Sharing.PRIVATE)) {
      first = one.directory();
      assertThat(other.directory()).isNotEqualTo(first).isDirectory();
    }
    try (var again = take(Sharing.PRIVATE)) {
      assertThat(again.directory()).isEqualTo(first);
    }
  }

  @Test
  void aLockedCacheIsWaitedFor() throws Exception {
    try (var threads = Executors.newSingleThreadExecutor()) {
      var one = take(Sharing.LOCKED);
      var other =
          threads.submit(() -> {
            try (var held = take(Sharing.SHARED)) {
              return Files.readString(held.directory().resolve("first"));
            }
          });
      Files.writeString(one.directory().resolve("first"), "written before");
      one.close();

      assertThat(other.get()).isEqualTo("written before");
    }
  }

  @Test
  void aWaitCanBeInterrupted() throws Exception {
    try (var one = take(Sharing.SHARED)) {
      Thread.currentThread().interrupt();

      assertThatThrownBy(() -> take(Sharing.LOCKED)).isInstanceOf(InterruptedException.class);
      assertThat(one.directory()).isDirectory();
    }
  }

  @Test
  void aCacheThatCouldNotBeFilledIsNotThere() throws Exception {
    var caches = new CacheFolders(folder.resolve("caches"));

    assertThatThrownBy(() ->
            caches.take(
                KEY,
                Sharing.SHARED,
                directory -> {
                  Files.writeString(directory.resolve("half"), "");
                  throw new IOException("broken");
                }))
        .hasMessage("broken");

    try (var cache = take(Sharing.SHARED)) {
      assertThat(cache.directory().resolve("half")).doesNotExist();
      assertThat(cache.directory().resolve("first")).exists();
    }
  }
}
