package dev.birgus.infra.blobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class ParallelGzipOutputStreamTest {

  private static byte[] content(int size) {
    var random = new Random(size);
    var content = new byte[size];
    random.nextBytes(content);
    for (var i = 0; i < size / 2; i++) {
      content[i] = (byte) (i % 17);
    }
    return content;
  }

  private static byte[] zip(byte[] content, int level, Executor workers, int window)
      throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new ParallelGzipOutputStream(bytes, level, workers, window)) {
      for (var done = 0; done < content.length; ) {
        var part = Math.min(70_001, content.length - done);
        gzip.write(content, done, part);
        done += part;
      }
    }
    return bytes.toByteArray();
  }

  @Test
  void theBytesDoNotDependOnTheThreads() throws IOException {
    var block = ParallelGzipOutputStream.BLOCK;
    for (var size : new int[] {0, 1, block - 1, block, block + 1, 9 * block, 11 * block + 7}) {
      var content = content(size);
      for (var level : new int[] {1, 6, 9}) {
        var alone = zip(content, level, Runnable::run, 1);
        try (var pool = Executors.newFixedThreadPool(4)) {
          assertThat(zip(content, level, pool, 3)).isEqualTo(alone);
        }
        assertThat(new GZIPInputStream(new ByteArrayInputStream(alone)).readAllBytes())
            .isEqualTo(content);
      }
    }
  }

  @Test
  void gzipAcceptsIt() throws Exception {
    var zipped = zip(content(3_000_000), 4, Runnable::run, 1);
    var gzip = new ProcessBuilder("gzip", "-t").redirectErrorStream(true).start();
    try (var in = gzip.getOutputStream()) {
      in.write(zipped);
    }

    assertThat(gzip.getInputStream().readAllBytes()).isEmpty();
    assertThat(gzip.waitFor()).isZero();
  }

  @Test
  void anErrorOfAWorkerSurfaces() {
    Executor broken =
        task -> {
          throw new IllegalStateException("no memory");
        };

    assertThatThrownBy(() -> zip(content(2_000_000), 4, broken, 2))
        .hasMessageContaining("no memory");
  }

  @Test
  void afterAFailureTheMemberIsNotEnded() throws IOException {
    var seen = new ByteArrayOutputStream();
    var full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            if (seen.size() > 20_000) {
              throw new IOException("No space left on device");
            }
            seen.write(b);
          }
        };

    assertThatThrownBy(
            () -> {
              try (var gzip = new ParallelGzipOutputStream(full, 1, Runnable::run, 1)) {
                gzip.write(content(2_000_000));
              }
            })
        .hasMessageContaining("No space left");
    assertThatThrownBy(
            () -> new GZIPInputStream(new ByteArrayInputStream(seen.toByteArray())).readAllBytes())
        .isInstanceOf(IOException.class);
  }

  @Test
  void anInterruptEndsTheWaiting() throws IOException {
    var gzip = new ParallelGzipOutputStream(OutputStream.nullOutputStream(), 1, _ -> {}, 1);
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> gzip.write(content(2_000_000)))
        .isInstanceOf(java.io.InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
    gzip.close();
  }
}
