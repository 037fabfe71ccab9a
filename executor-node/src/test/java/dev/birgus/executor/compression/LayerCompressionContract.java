package dev.birgus.executor.compression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.contracts.LayerCompression;
import dev.birgus.infra.contracts.LayerCompression.Codec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What holds for layers compressed in any way. */
interface LayerCompressionContract {

  /** What is tested. */
  Codec codec();

  /** Reads what was written, with another implementation where there is one. */
  InputStream reader(InputStream compressed) throws IOException;

  private LayerCompression at(int level) {
    return new LayerCompression(codec(), Optional.of(level));
  }

  /** Half noise, half repetition. */
  static byte[] content(int size) {
    var random = new Random(size);
    var content = new byte[size];
    random.nextBytes(content);
    for (var i = 0; i < size / 2; i++) {
      content[i] = (byte) (i % 1717);
    }
    return content;
  }

  /** The content, compressed over this many threads and written in pieces. */
  static byte[] compress(byte[] content, LayerCompression how, int threads, int piece)
      throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new LayerCompressor(threads).open(bytes, how)) {
      for (var done = 0; done < content.length; done += piece) {
        out.write(content, done, Math.min(piece, content.length - done));
      }
    }
    return bytes.toByteArray();
  }

  @Test
  default void whatIsReadIsWhatWasWritten() throws IOException {
    for (var size : new int[] {0, 1, 65_535, 262_144, 262_145, 3_000_000}) {
      for (var level : new int[] {1, 2, codec().highestLevel()}) {
        var content = content(size);
        var compressed = compress(content, at(level), 2, 70_001);

        assertThat(reader(new ByteArrayInputStream(compressed)).readAllBytes())
            .as(size + " bytes at level " + level)
            .isEqualTo(content);
      }
    }
  }

  @Test
  default void theBytesDoNotDependOnThreadsOrPieces() throws IOException {
    var how = new LayerCompression(codec(), Optional.empty());
    for (var size : new int[] {100, 1_000_000, 40_000_000}) {
      var content = content(size);
      var alone = compress(content, how, 1, 1 << 20);

      for (var threads : List.of(1, 2, 5)) {
        assertThat(compress(content, how, threads, 7_777_777)).isEqualTo(alone);
      }
    }
  }

  @Test
  default void whatRepeatsBecomesSmall() throws IOException {
    var how = new LayerCompression(codec(), Optional.empty());

    assertThat(compress(new byte[4_000_000], how, 2, 1 << 20)).hasSizeLessThan(100_000);
  }

  @Test
  default void noiseGrowsByLittle() throws IOException {
    var noise = new byte[2_000_000];
    new Random(3).nextBytes(noise);
    for (var level : new int[] {1, codec().highestLevel()}) {
      var compressed = compress(noise, at(level), 1, 1 << 20);

      assertThat(compressed).hasSizeLessThan(2_010_000);
      assertThat(reader(new ByteArrayInputStream(compressed)).readAllBytes()).isEqualTo(noise);
    }
  }

  @Test
  default void afterAFailureTheStreamIsNotEnded() throws IOException {
    var seen = new ByteArrayOutputStream();
    var full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
          }

          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            if (seen.size() > 500_000) {
              throw new IOException("No space left on device");
            }
            seen.write(bytes, offset, length);
          }
        };

    assertThatThrownBy(
            () -> {
              try (var out = new LayerCompressor(2).open(full, at(1))) {
                out.write(content(30_000_000));
              }
            })
        .hasMessageContaining("No space left");
    assertThatThrownBy(() -> reader(new ByteArrayInputStream(seen.toByteArray())).readAllBytes())
        .isInstanceOf(IOException.class);
  }

  @Test
  default void anInterruptEndsIt() throws IOException {
    var seen = new ByteArrayOutputStream();
    var out = new LayerCompressor(1).open(seen, at(1));
    out.write(content(30_000_000));
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> out.write(content(5_000_000)))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
    out.close();
    assertThatThrownBy(() -> reader(new ByteArrayInputStream(seen.toByteArray())).readAllBytes())
        .isInstanceOf(IOException.class);
  }

  @Test
  default void nothingCanBeWrittenAfterTheEnd() throws IOException {
    var out = new LayerCompressor(1).open(OutputStream.nullOutputStream(), at(1));
    out.close();
    out.close();

    assertThatThrownBy(() -> out.write(1)).hasMessage("the stream is closed");
  }
}
