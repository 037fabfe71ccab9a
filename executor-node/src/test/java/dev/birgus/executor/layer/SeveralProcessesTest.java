package dev.birgus.executor.layer;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.node.Leases;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A layer store that several processes use, some of which are killed. */
class SeveralProcessesTest {

  private static final int FILES = 60;
  private static final int FILE_SIZE = 20_000;

  @TempDir Path folder = Path.of("");
  private final List<Process> processes = new ArrayList<>();
  private byte[] tar = new byte[0];
  private byte[] blob = new byte[0];

  @BeforeEach
  void aLayer() throws IOException {
    LayerTests.assumeRoot(folder);
    var bytes = new ByteArrayOutputStream();
    var random = new Random(1);
    try (var writer = new TarWriter(bytes)) {
      for (var i = 0; i < FILES; i++) {
        writer.begin(
            new TarEntry(
                "d/f" + i,
                TarEntry.Type.FILE,
                0644,
                0,
                0,
                FILE_SIZE,
                i,
                "",
                0,
                0,
                new TreeMap<>()));
        var content = new byte[FILE_SIZE];
        random.nextBytes(content);
        writer.write(content, 0, content.length);
      }
      writer.finish();
    }
    tar = bytes.toByteArray();
    blob = LayerTests.gzip(tar);
    Files.write(folder.resolve("blob"), blob);
  }

  @AfterEach
  void noProcessIsLeft() throws InterruptedException {
    for (var process : processes) {
      process.destroyForcibly().waitFor();
    }
  }

  private Process start(int stop) throws IOException {
    var process = Unpacking.start(folder.resolve("layers"), folder.resolve("blob"), stop);
    processes.add(process);
    assertThat(process.getInputStream().read()).isEqualTo('r');
    return process;
  }

  private static void begin(Process process) throws IOException {
    process.getOutputStream().write('b');
    process.getOutputStream().flush();
  }

  private static String end(Process process) throws IOException, InterruptedException {
    var said = new String(process.getInputStream().readAllBytes(), US_ASCII);
    assertThat(process.waitFor()).isZero();
    return said;
  }

  private DirectoryLayerStore store() throws IOException {
    var unpacker = new LayerUnpacker(UnpackLimits.DEFAULT, (_, _) -> {});
    return DirectoryLayerStore.open(folder.resolve("layers"), unpacker, Leases.unneeded());
  }

  private Layer layer() {
    return LayerTests.layer(blob, tar);
  }

  private void assertWhole(Path directory) throws IOException {
    try (var files = LinuxFileSystem.open(directory)) {
      assertThat(files.list("/d")).hasSize(FILES);
      for (var i = 0; i < FILES; i++) {
        assertThat(files.status("/d/f" + i).orElseThrow().size()).isEqualTo(FILE_SIZE);
      }
    }
    assertThat(folder.resolve("layers/tmp")).isEmptyDirectory();
  }

  @Test
  void processesThatNeedALayerAtTheSameTimeUnpackItOnce() throws Exception {
    var all =
        List.of(start(blob.length), start(blob.length), start(blob.length), start(blob.length));

    for (var process : all) {
      begin(process);
    }

    var said = new StringBuilder();
    for (var process : all) {
      said.append(end(process));
    }
    assertThat(said.toString()).containsOnlyOnce("o").matches("[od]{5}");
    assertWhole(store().find(layer().diffId()).orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.3, 0.6, 0.95})
  void aLayerWhoseUnpackingIsKilledIsNotThereAndNothingOfItIsLeft(double part) throws Exception {
    // given
    var process = start((int) (blob.length * part));
    begin(process);
    assertThat(process.getInputStream().readNBytes(2)).isEqualTo("oh".getBytes(US_ASCII));
    assertThat(folder.resolve("layers/tmp")).isNotEmptyDirectory();
    // A living process' work is not touched.
    assertThat(store().find(layer().diffId())).isEmpty();
    assertThat(folder.resolve("layers/tmp")).isNotEmptyDirectory();

    // when
    process.destroyForcibly().waitFor();

    // then
    var store = store();
    assertThat(folder.resolve("layers/tmp")).isEmptyDirectory();
    assertThat(store.find(layer().diffId())).isEmpty();
    assertWhole(store.unpack(layer(), _ -> new ByteArrayInputStream(blob), _ -> {}));
  }

  @Test
  void whoWaitsForAProcessThatIsKilledUnpacksTheLayerInItsPlace() throws Exception {
    // given
    var first = start(blob.length / 2);
    begin(first);
    assertThat(first.getInputStream().readNBytes(2)).isEqualTo("oh".getBytes(US_ASCII));
    var second = start(blob.length);
    begin(second);

    // when
    first.destroyForcibly().waitFor();

    // then
    assertThat(end(second)).isEqualTo("od");
    assertWhole(store().find(layer().diffId()).orElseThrow());
  }
}
