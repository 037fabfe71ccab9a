package dev.birgus.executor.compression;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStream;
import dev.birgus.infra.contracts.LayerCompression;
import dev.birgus.infra.contracts.LayerCompression.Codec;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** zstd. */
class ZstdTest implements LayerCompressionContract {

  @Override
  public Codec codec() {
    return Codec.ZSTD;
  }

  @Override
  public InputStream reader(InputStream compressed) throws IOException {
    return new ZstdInputStream(compressed);
  }

  @Test
  void itIsOneFrame() throws IOException {
    var how = new LayerCompression(Codec.ZSTD, Optional.empty());
    var compressed =
        LayerCompressionContract.compress(
            LayerCompressionContract.content(20_000_000), how, 2, 1 << 20);

    assertThat(Zstd.findFrameCompressedSize(compressed)).isEqualTo(compressed.length);
  }

  @Test
  void itsThreadsEndWithTheLayer() throws IOException {
    var before = threads();
    var how = new LayerCompression(Codec.ZSTD, Optional.empty());
    for (var i = 0; i < 20; i++) {
      LayerCompressionContract.compress(LayerCompressionContract.content(100_000), how, 3, 1 << 20);
    }

    // The JVM starts and ends threads of its own meanwhile.
    assertThat(threads()).isLessThan(before + 20);
  }

  private static long threads() throws IOException {
    try (var tasks = java.nio.file.Files.list(java.nio.file.Path.of("/proc/self/task"))) {
      return tasks.count();
    }
  }
}
