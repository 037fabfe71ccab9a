package dev.birgus.executor.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.birgus.infra.contracts.FailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinuxOverlaysTest {

  @TempDir Path folder = Path.of("");
  private final LinuxOverlays overlays = new LinuxOverlays();

  /** Asks mount(8), for what is tested must not say whether it is. */
  @BeforeEach
  void overlaysCanBeMounted() throws IOException, InterruptedException {
    assumeTrue(canMount(""), "overlays cannot be mounted here");
  }

  private boolean canMount(String option) throws IOException, InterruptedException {
    var lower = layer("probe-lower");
    var merged = layer("probe-merged");
    var options =
        "lowerdir=%s,upperdir=%s,workdir=%s%s"
            .formatted(lower, layer("probe-upper"), layer("probe-work"), option);
    if (call("mount", "-t", "overlay", "overlay", "-o", options, merged.toString()) != 0) {
      return false;
    }
    assertThat(call("umount", merged.toString())).isZero();
    return true;
  }

  private static int call(String... command) throws IOException, InterruptedException {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException notInstalled) {
      return -1;
    }
  }

  /** To write the node's whole disk back at the end of every step made steps slower and slower. */
  @Test
  void unmountingDoesNotWaitForTheDiskWhereTheKernelLetsIt()
      throws IOException, InterruptedException {
    assumeTrue(canMount(",volatile"), "the kernel does not know volatile overlays");

    try (var mount = overlays.mount(List.of(layer("low", "a")), folder.resolve("w"))) {
      assertThat(Files.readAllLines(Path.of("/proc/self/mountinfo")))
          .filteredOn(line -> line.contains(" " + mount.merged() + " "))
          .singleElement(org.assertj.core.api.InstanceOfAssertFactories.STRING)
          .containsPattern("[,=]volatile");
    }
  }

  private Path layer(String name, String... files) throws IOException {
    var layer = Files.createDirectories(folder.resolve(name));
    for (var file : files) {
      Files.writeString(layer.resolve(file), name);
    }
    return layer;
  }

  @Test
  void theHighestLayerWinsAndTheUpperTakesWhatIsWritten() throws IOException {
    var low = layer("low", "a", "b");
    var high = layer("high", "b");
    var work = folder.resolve("w");

    Path upper;
    try (var mount = overlays.mount(List.of(low, high, low), work)) {
      upper = mount.upper();
      assertThat(upper).isEmptyDirectory();
      assertThat(mount.merged().resolve("a")).hasContent("low");
      Files.writeString(mount.merged().resolve("new"), "n");
      Files.delete(mount.merged().resolve("a"));
    }

    assertThat(upper.resolve("new")).hasContent("n");
    try (var files = LinuxFileSystem.open(upper)) {
      assertThat(files.status("a").orElseThrow().kind())
          .isEqualTo(FileStatus.Kind.CHARACTER_DEVICE);
    }
    try (var left = Files.list(work)) {
      assertThat(left).containsExactly(upper);
    }
    assertThat(low.resolve("a")).exists();
  }

  @Test
  void aMountStillInUseIsDetached() throws IOException {
    var mount = overlays.mount(List.of(layer("low", "a")), folder.resolve("w"));

    try (var _ = Files.newInputStream(mount.merged().resolve("a"))) {
      mount.close();
      mount.close();
    }

    assertThat(mount.merged()).doesNotExist();
  }

  @Test
  void pathsWithSeparatorsAreEscaped() throws IOException {
    var odd = layer("a:b,c\\d", "x");

    try (var mount = overlays.mount(List.of(odd), folder.resolve("w:,\\"))) {
      assertThat(mount.merged().resolve("x")).exists();
    }
  }

  @Test
  void whatAKilledProcessLeftMountedIsFreed() throws IOException {
    var work = folder.resolve("w x\\y");
    var mount = overlays.mount(List.of(layer("low", "a")), work);

    assertThat(LeftoverMounts.unmountBelow(work)).containsExactly(mount.merged());
    assertThat(mount.merged()).isEmptyDirectory();
    assertThat(LeftoverMounts.unmountBelow(work)).isEmpty();
    mount.close();
  }

  @Test
  void theMergedRootHasTheImagesMode() throws IOException {
    var low = layer("low", "a");
    Files.setPosixFilePermissions(
        low, java.nio.file.attribute.PosixFilePermissions.fromString("r-xr-xr-x"));

    try (var mount = overlays.mount(List.of(low), folder.resolve("w"))) {
      assertThat(Files.getPosixFilePermissions(mount.merged())).hasSize(6);
    }
  }

  @Test
  void readOnlyStacksRefuseWritingAndHideWhiteouts() throws IOException {
    var low = layer("low", "a");
    try (var files = LinuxFileSystem.open(low)) {
      var whiteout =
          new FileStatus(
              FileStatus.Kind.CHARACTER_DEVICE,
              0,
              0,
              0,
              0,
              0,
              0,
              0,
              1,
              0,
              0,
              java.util.Optional.empty());
      files.makeNode("w", whiteout, FileSystemContract.plain(0));
    }

    try (var mount = overlays.mountReadOnly(List.of(low), folder.resolve("w"));
        var names = Files.list(mount.merged())) {
      assertThat(names).containsExactly(mount.merged().resolve("a"));
      assertThatThrownBy(() -> Files.writeString(mount.merged().resolve("n"), ""))
          .isInstanceOf(IOException.class);
    }
  }

  /** 500 are what the kernel takes at most, 127 what docker does. */
  @ParameterizedTest
  @ValueSource(ints = {127, 400, 500, 501, 998})
  void stacksLongerThanAPageOfOptionsAreMounted(int count) throws IOException {
    var layers = new ArrayList<Path>();
    for (var i = 0; i < count; i++) {
      layers.add(layer("layer-with-a-name-that-is-rather-long-" + i, "f" + i, "top"));
    }
    var work = folder.resolve("w");

    try (var mount = overlays.mount(layers, work);
        var names = Files.list(mount.merged())) {
      assertThat(names).hasSize(count + 1);
      assertThat(mount.merged().resolve("top")).hasContent(lastOf(layers));
      Files.delete(mount.merged().resolve("f0"));
      Files.writeString(mount.merged().resolve("f" + (count - 1)), "changed");
      try (var changed = Files.list(mount.upper())) {
        assertThat(changed).hasSize(2);
      }
    }
    assertThat(layers.getFirst().resolve("f0")).exists();
    try (var left = Files.list(work)) {
      assertThat(left).containsExactly(work.resolve("upper"));
    }
    assertThat(LeftoverMounts.unmountBelow(folder)).isEmpty();
  }

  @Test
  void longStacksAreMountedToBeReadToo() throws IOException {
    var layers = new ArrayList<Path>();
    for (var i = 0; i < 501; i++) {
      layers.add(layer("another-layer-with-a-name-that-is-rather-long-" + i, "f" + i, "top"));
    }

    try (var mount = overlays.mountReadOnly(layers, folder.resolve("w"));
        var names = Files.list(mount.merged())) {
      assertThat(names).hasSize(502);
      assertThat(mount.merged().resolve("top")).hasContent(lastOf(layers));
    }
    assertThat(LeftoverMounts.unmountBelow(folder)).isEmpty();
  }

  @Test
  void aStackThatIsTooLongIsRefusedByName() throws IOException {
    var layers = new ArrayList<Path>();
    for (var i = 0; i < 999; i++) {
      layers.add(folder.resolve("layer" + i));
    }
    layers.set(998, layer("layer998"));

    assertThatThrownBy(() -> overlays.mount(layers, folder.resolve("w")).close())
        .isInstanceOfSatisfying(
            FailureException.class,
            e -> assertThat(e.failure().name()).isEqualTo("too-many-layers"));
  }

  private static String lastOf(List<Path> layers) {
    return String.valueOf(layers.getLast().getFileName());
  }

  /** What a killed process leaves of a stack that takes two mounts. */
  @Test
  void leftoversOfALongStackAreFreed() throws IOException {
    var layers = new ArrayList<Path>();
    for (var i = 0; i < 501; i++) {
      layers.add(layer("low" + i, "f" + i));
    }
    var mount = overlays.mount(layers, folder.resolve("w"));

    assertThat(LeftoverMounts.unmountBelow(folder.resolve("w"))).hasSize(2);
    mount.close();
  }

  @Test
  void anOverlayOnAnOverlayIsRefusedWithAdvice() throws IOException {
    var low = layer("low", "a");
    try (var mount = overlays.mount(List.of(low), folder.resolve("w"))) {
      var inner = Files.createDirectory(mount.merged().resolve("inner"));
      assertThatThrownBy(() -> overlays.mount(List.of(low), inner).close())
          .isInstanceOfSatisfying(
              FailureException.class,
              e -> {
                assertThat(e.failure().name()).isEqualTo("overlay-refused");
                assertThat(e.failure().advice()).contains("--state-dir");
              });
    }
  }
}
