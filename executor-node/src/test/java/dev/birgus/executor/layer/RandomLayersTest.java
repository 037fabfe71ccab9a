package dev.birgus.executor.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.files.LinuxOverlays;
import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.node.Leases;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever is done to an overlay: its layer, on the layers below, gives the tree there was. Applied
 * by this program, and by GNU tar with the rules for whiteouts in the image specification.
 */
class RandomLayersTest {

  private static final int ROUNDS = 4;
  private static final int CHANGES = 60;

  @TempDir Path folder = Path.of("");
  private final InMemoryBlobs blobs = new InMemoryBlobs();
  private final LinuxOverlays overlays = new LinuxOverlays();
  private final List<Path> stack = new ArrayList<>();

  @BeforeEach
  void needsOverlays() throws IOException {
    LayerTests.assumeRoot(folder);
    LayerTests.assumeTool("tar");
    stack.add(Files.createDirectory(folder.resolve("base")));
    try {
      overlays.mount(stack, folder.resolve("probe")).close();
    } catch (FailureException refused) {
      assumeTrue(false, "overlays cannot be mounted here");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void aLayerOnThoseBelowGivesTheTreeItWasMadeOf(long seed) throws Exception {
    var applied = Files.createDirectory(folder.resolve("applied"));
    for (var round = 0; round < ROUNDS; round++) {
      var work = folder.resolve("round" + round);
      List<String> wanted;
      try (var mount = overlays.mount(stack, work);
          var files = LinuxFileSystem.open(mount.merged())) {
        new RandomChanges(files, seed * ROUNDS + round).make(CHANGES);
        wanted = listing(files);
      }
      var layer =
          new OverlayLayerPacker(blobs, 1)
              .pack(work.resolve("upper"), BuildOptions.DEFAULT, _ -> {});

      stack.add(unpacked(layer.orElseThrow(), round));

      try (var mount = overlays.mountReadOnly(stack, folder.resolve("look" + round));
          var files = LinuxFileSystem.open(mount.merged())) {
        assertThat(differences(wanted, listing(files))).as("round %s", round).isEmpty();
      }
      apply(layer.orElseThrow(), applied);
      try (var files = LinuxFileSystem.open(applied)) {
        assertThat(differences(withoutLists(wanted), withoutLists(listing(files))))
            .as("round %s, by tar", round)
            .isEmpty();
      }
    }
  }

  /** GNU tar takes access lists from records of its own only. */
  private static List<String> withoutLists(List<String> lines) {
    return lines.stream()
        .map(line ->
            line.replaceAll("(?s)system.posix_acl_[a-z]+=.*?(?=, (system|user)\\.|\\}$)", "")
                .replaceAll("[ ,]+(?=\\}$)|(?<=\\{)[ ,]+|, (?=, )", ""))
        .toList();
  }

  @Test
  void anAccessListOfTheStateFolderIsNotThatOfTheImage() throws IOException {
    try (var files = LinuxFileSystem.open(folder)) {
      assumeTrue(
          files.setXattr("/", LinuxFileSystem.DEFAULT_ACCESS_LIST, RandomChanges.accessList(7)),
          "the file system has no access lists");
    }
    var tar = LayerTests.tar(LayerTests.file("unpacked"), LayerTests.directory("d"));
    var store =
        DirectoryLayerStore.open(
            folder.resolve("store"),
            new LayerUnpacker(UnpackLimits.DEFAULT, (_, _) -> {}),
            Leases.unneeded());
    var low = store.unpack(LayerTests.layer(tar, tar), _ -> new ByteArrayInputStream(tar), _ -> {});

    try (var mount = overlays.mount(List.of(low), folder.resolve("work"));
        var files = LinuxFileSystem.open(mount.merged())) {
      files.create("/new", LayerTests.attributes(0644, 1)).close();
      for (var path : List.of("/", "/unpacked", "/d", "/new")) {
        assertThat(files.xattrs(path)).as(path).isEmpty();
      }
    }
  }

  private static List<String> differences(List<String> wanted, List<String> found) {
    var differences = new ArrayList<String>();
    for (var line : found) {
      if (!wanted.contains(line)) {
        differences.add("found  " + line);
      }
    }
    for (var line : wanted) {
      if (!found.contains(line)) {
        differences.add("wanted " + line);
      }
    }
    return differences;
  }

  private Path unpacked(Layer layer, int round) throws IOException {
    var directory = Files.createDirectory(folder.resolve("layer" + round));
    var skipped = new ArrayList<String>();
    new LayerUnpacker(UnpackLimits.DEFAULT, (path, why) -> skipped.add(path + ": " + why))
        .unpack(layer, blobs, directory, _ -> {});
    assertThat(skipped).isEmpty();
    return directory;
  }

  /** Whiteouts first, for they are of what is below; then all else. */
  private void apply(Layer layer, Path directory) throws IOException, InterruptedException {
    var tar = new GZIPInputStream(blobs.open(layer)).readAllBytes();
    try (var files = LinuxFileSystem.open(directory);
        var reader = new TarReader(new ByteArrayInputStream(tar), 1 << 20)) {
      for (var entry = reader.next(); entry.isPresent(); entry = reader.next()) {
        hide(files, entry.get());
      }
    }
    var file = Files.write(folder.resolve("layer.tar"), tar);
    LayerTests.run(
        directory,
        "tar",
        "-x",
        "-p",
        "--numeric-owner",
        "--xattrs",
        "--xattrs-include=*",
        "--exclude=.wh.*",
        "-f",
        file.toString());
  }

  private static void hide(LinuxFileSystem files, TarEntry entry) throws IOException {
    var path = "/" + entry.name();
    var slash = path.lastIndexOf('/');
    var name = path.substring(slash + 1);
    if (name.equals(".wh..wh..opq")) {
      var parent = path.substring(0, slash);
      files.remove(parent);
    } else if (name.startsWith(".wh.")) {
      files.remove(path.substring(0, slash + 1) + name.substring(4));
    } else if (entry.type() != TarEntry.Type.DIRECTORY || !isDirectory(files, path)) {
      files.remove(path);
    }
  }

  private static boolean isDirectory(LinuxFileSystem files, String path) throws IOException {
    var status = files.status(path);
    return status.isPresent() && status.get().kind() == FileStatus.Kind.DIRECTORY;
  }

  /** Without the number of names: an overlay does not know those of lower layers. */
  private static List<String> listing(LinuxFileSystem files) throws IOException {
    return LayerTests.listing(files).stream()
        .map(line -> line.replaceFirst("(sha256:[0-9a-f]+|[0-9a-f]{12}) [0-9]+ ", "$1 "))
        .toList();
  }
}
