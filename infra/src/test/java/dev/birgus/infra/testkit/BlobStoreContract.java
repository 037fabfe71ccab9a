package dev.birgus.infra.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.blobs.DigestMismatchException;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every blob store does. */
public interface BlobStoreContract {

  /** An empty store. */
  BlobStore newStore() throws IOException;

  @Test
  default void whatWasCommittedIsReadBackByItsDigest() throws IOException {
    var store = newStore();
    var random = new Random(7);
    for (var size : new int[] {0, 1, 4095, 65536, 300_001}) {
      // given
      var bytes = new byte[size];
      random.nextBytes(bytes);

      // when
      Digest digest;
      try (var writer = store.create()) {
        for (var at = 0; at < size; at += 10_000) {
          writer.write(bytes, at, Math.min(10_000, size - at));
        }
        digest = writer.commit();
      }

      // then
      assertThat(digest).isEqualTo(Digest.sha256(bytes));
      assertThat(store.size(digest)).hasValue(size);
      try (var input = store.open(digest)) {
        assertThat(input.readAllBytes()).isEqualTo(bytes);
      }
    }
  }

  @Test
  default void aBlobIsNotThereBeforeItIsCommitted() throws IOException {
    var store = newStore();
    var digest = Digest.sha256("hello".getBytes(UTF_8));
    try (var writer = store.create()) {
      writer.write("hello".getBytes(UTF_8));
      assertThat(store.size(digest)).isEmpty();
    }
    assertThat(store.size(digest)).isEmpty();
    assertThatThrownBy(() -> store.open(digest).close()).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  default void contentOtherThanExpectedDoesNotBecomeVisible() throws IOException {
    var store = newStore();
    var hello = "hello".getBytes(UTF_8);
    var other = Digest.sha256("other".getBytes(UTF_8));
    try (var writer = store.create()) {
      writer.write(hello);
      assertThatThrownBy(() -> writer.commit(other, 5)).isInstanceOf(DigestMismatchException.class);
    }
    try (var writer = store.create()) {
      writer.write(hello);
      assertThatThrownBy(() -> writer.commit(Digest.sha256(hello), 6))
          .isInstanceOf(DigestMismatchException.class)
          .hasMessageContaining("6 bytes");
    }
    assertThat(store.size(other)).isEmpty();
    assertThat(store.size(Digest.sha256(hello))).isEmpty();
  }

  @Test
  default void aSha512DigestIsVerifiedToo() throws IOException {
    var store = newStore();
    var hello = "hello".getBytes(UTF_8);
    var zeros = new Digest("sha512", "0".repeat(128));
    var right =
        new Digest("sha512", HexFormat.of().formatHex(zeros.newComputation().digest(hello)));
    try (var writer = store.create()) {
      writer.write(hello);
      assertThatThrownBy(() -> writer.commit(zeros, 5)).isInstanceOf(DigestMismatchException.class);
    }
    try (var writer = store.create()) {
      writer.write(hello);
      writer.commit(right, 5);
    }
    assertThat(store.size(right)).hasValue(5);
  }

  @Test
  default void theSameBlobMayBeWrittenByManyAtOnce() throws Exception {
    var store = newStore();
    var bytes = new byte[100_000];
    new Random(1).nextBytes(bytes);
    Callable<Digest> write =
        () -> {
          try (var writer = store.create()) {
            writer.write(bytes);
            return writer.commit();
          }
        };
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = threads.invokeAll(IntStream.range(0, 16).mapToObj(_ -> write).toList());
      for (var one : all) {
        assertThat(one.get()).isEqualTo(Digest.sha256(bytes));
      }
    }
    assertThat(store.size(Digest.sha256(bytes))).hasValue(bytes.length);
  }

  @Test
  default void aCommittedBlobTakesNoMoreBytes() throws IOException {
    var store = newStore();
    try (var writer = store.create()) {
      writer.write(1);
      writer.commit();
      assertThatThrownBy(() -> writer.write(2)).isInstanceOf(IOException.class);
      assertThatThrownBy(writer::commit).isInstanceOf(IOException.class);
    }
  }
}
