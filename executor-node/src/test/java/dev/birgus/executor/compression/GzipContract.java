package dev.birgus.executor.compression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.LayerCompression;
import dev.birgus.infra.testkit.Need;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for gzip by any engine. */
interface GzipContract extends LayerCompressionContract {

  @Override
  default InputStream reader(InputStream compressed) throws IOException {
    return new GZIPInputStream(compressed);
  }

  @Test
  default void itIsOneMember() throws IOException {
    var content = LayerCompressionContract.content(3_000_000);
    var compressed =
        LayerCompressionContract.compress(
            content, new LayerCompression(codec(), Optional.empty()), 2, 1 << 20);

    // It reads one member and stops.
    var first = new GzipCompressorInputStream(new java.io.ByteArrayInputStream(compressed));
    assertThat(first.readAllBytes()).isEqualTo(content);
  }

  /** Each reads standard input and writes what was in it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "gzip -dc",
        "busybox gunzip -c",
        "python3 -c import·gzip,shutil,sys;"
            + "shutil.copyfileobj(gzip.open(sys.stdin.buffer),sys.stdout.buffer)",
        "perl -MIO::Uncompress::Gunzip=gunzip -e gunzip('-','-',MultiStream=>1)",
      })
  default void othersReadIt(String command) throws Exception {
    var words = List.of(command.split(" ")).stream().map(word -> word.replace('·', ' ')).toList();
    Need.installed(isThere(words.getFirst()), words.getFirst());
    var content = LayerCompressionContract.content(5_000_000);
    var compressed =
        LayerCompressionContract.compress(
            content, new LayerCompression(codec(), Optional.empty()), 2, 1 << 20);

    assertThat(through(words, compressed)).isEqualTo(content);
  }

  private static boolean isThere(String program) {
    return List.of("/usr/bin", "/bin", "/usr/local/bin").stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static byte[] through(List<String> command, byte[] input) throws Exception {
    var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    var running = process.start();
    try (var writer = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Void> write =
          () -> {
            try (var in = running.getOutputStream()) {
              in.write(input);
            }
            return null;
          };
      var written = writer.submit(write);
      var output = running.getInputStream().readAllBytes();
      written.get();
      assertThat(running.waitFor()).as(command.toString()).isZero();
      return output;
    }
  }
}
