package dev.birgus.pusher.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarWriterTest {

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 511, 512, (1L << 33) - 1, 1L << 33, 1L << 40})
  void readersSeeTheSizeWritten(long size) throws Exception {
    var bytes = new ByteArrayOutputStream();

    new TarWriter(bytes).add("name", size, _ -> {});

    try (var in = new TarArchiveInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.getNextEntry().getSize()).isEqualTo(size);
    }
  }

  @Test
  void contentIsPaddedToWholeBlocksAndTheArchiveEndsWithTwo() throws Exception {
    var bytes = new ByteArrayOutputStream();
    var tar = new TarWriter(bytes);

    tar.add("one", new byte[] {1});
    tar.add("two", new byte[512]);
    tar.finish();

    assertThat(bytes.size()).isEqualTo(512 + 512 + 512 + 512 + 1024);
  }
}
