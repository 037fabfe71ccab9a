package dev.birgus.executor.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.files.LinuxOverlays;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Layer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeLayersTest {

  /** The owner, user 77, the group, the mask and all others may do everything. */
  private static final String ACCESS_LIST =
      "\2\0\0\0"
          + "\1\0\7\0\377\377\377\377"
          + "\2\0\7\0\115\0\0\0"
          + "\4\0\7\0\377\377\377\377"
          + "\20\0\7\0\377\377\377\377"
          + "\40\0\7\0\377\377\377\377";

  @TempDir Path folder = Path.of("");
  private final LayerUnpacker unpacker =
      new LayerUnpacker(UnpackLimits.DEFAULT, (path, reason) -> {});

  @BeforeEach
  void assumeRoot() throws IOException {
    LayerTests.assumeRoot(folder);
  }

  private List<String> tree(String name, List<byte[]> tars) throws IOException {
    var tree = new TreeLayers(unpacker, Files.createDirectory(folder.resolve(name)));
    for (var tar : tars) {
      tree.add(layer(tar), _ -> new ByteArrayInputStream(tar), _ -> {});
    }
    assertThat(folder.resolve(name)).isDirectoryNotContaining("glob:**/layer");
    try (var files = LinuxFileSystem.open(tree.tree())) {
      return LayerTests.listing(files);
    }
  }

  private static Layer layer(byte[] tar) {
    return LayerTests.layer(tar, tar);
  }

  private List<String> overlay(String name, List<byte[]> tars) throws IOException {
    var lower = new ArrayList<Path>();
    lower.add(Files.createDirectories(folder.resolve(name + "-empty")));
    for (var tar : tars) {
      var directory = Files.createDirectory(folder.resolve(name + "-" + lower.size()));
      unpacker.unpack(layer(tar), _ -> new ByteArrayInputStream(tar), directory, _ -> {});
      lower.add(directory);
    }
    try (var mount = new LinuxOverlays().mountReadOnly(lower, folder.resolve(name + "-mount"));
        var files = LinuxFileSystem.open(mount.merged())) {
      return LayerTests.listing(files);
    } catch (FailureException refused) {
      return abort("overlays cannot be mounted here");
    }
  }

  @Test
  void layersHideWhatIsBelowThem() throws IOException {
    var listing =
        tree(
            "t",
            List.of(
                LayerTests.tar(
                    LayerTests.directory("a"),
                    LayerTests.file("a/gone"),
                    LayerTests.file("a/kept"),
                    LayerTests.directory("b"),
                    LayerTests.file("b/old"),
                    LayerTests.symlink("lib", "a"),
                    LayerTests.file("was-a-file")),
                LayerTests.tar(
                    LayerTests.file("a/.wh.gone"),
                    LayerTests.directory("b"),
                    LayerTests.file("b/new"),
                    LayerTests.file("b/.wh..wh..opq"),
                    LayerTests.file("lib/own"),
                    LayerTests.file("was-a-file/in-it"))));

    assertThat(listing.stream().map(line -> line.substring(0, line.indexOf(' '))))
        .containsExactly(
            "/a",
            "/a/kept",
            "/b",
            "/b/new",
            "/lib",
            "/lib/own",
            "/was-a-file",
            "/was-a-file/in-it");
  }

  /** Of the folder, and of a directory of the image when the tree is copied. */
  @Test
  void accessListsAreNotInherited() throws IOException {
    var place = Files.createDirectory(folder.resolve("listed"));
    var copy = Files.createDirectory(place.resolve("copy"));
    try (var files = LinuxFileSystem.open(folder)) {
      for (var path : List.of("/listed", "/listed/copy")) {
        assumeTrue(files.setXattr(path, LinuxFileSystem.DEFAULT_ACCESS_LIST, ACCESS_LIST));
      }
    }
    var first = LayerTests.tar(LayerTests.directory("d"), LayerTests.file("d/f"));
    var second = LayerTests.tar(LayerTests.directory("d"), LayerTests.file("d/g"));
    var tree = new TreeLayers(unpacker, place);
    for (var tar : List.of(first, second)) {
      tree.add(layer(tar), _ -> new ByteArrayInputStream(tar), _ -> {});
    }

    try (var files = LinuxFileSystem.open(tree.tree())) {
      for (var path : List.of("/", "/d", "/d/f", "/d/g")) {
        assertThat(files.xattrs(path)).isEmpty();
      }
      files.setXattr("/d", LinuxFileSystem.DEFAULT_ACCESS_LIST, ACCESS_LIST);
    }
    TreeClone.copy(tree.tree(), copy);
    try (var files = LinuxFileSystem.open(copy)) {
      for (var path : List.of("/", "/d/f", "/d/g")) {
        assertThat(files.xattrs(path)).isEmpty();
      }
      assertThat(files.xattrs("/d"))
          .containsOnly(Map.entry(LinuxFileSystem.DEFAULT_ACCESS_LIST, ACCESS_LIST));
    }
  }

  /** Whiteouts anywhere, links as parents, names that come twice: all as an overlay shows it. */
  @Test
  void aTreeIsWhatAnOverlayOfTheSameLayersShows() throws IOException {
    for (var seed = 0; seed < 40; seed++) {
      var random = new Random(seed);
      var tars = new ArrayList<byte[]>();
      for (var i = 0; i < 4; i++) {
        tars.add(randomTar(random));
      }

      assertThat(tree("tree" + seed, tars)).isEqualTo(overlay("overlay" + seed, tars));
    }
  }

  private static byte[] randomTar(Random random) throws IOException {
    var entries = new ArrayList<TarEntry>();
    var names = new ArrayList<String>();
    for (var i = 0; i < 14; i++) {
      var path = path(random);
      // In one layer a file is not a directory as well: such layers are refused, or what the
      // directory hides depends on how often the name comes.
      if (names.stream().anyMatch(name -> (path + "/").startsWith(name + "/"))) {
        continue;
      }
      switch (random.nextInt(6)) {
        case 0 -> entries.add(LayerTests.directory(path));
        case 1, 2 -> {
          entries.add(LayerTests.file(path));
          names.add(path);
        }
        case 3 -> {
          entries.add(LayerTests.symlink(path, random.nextBoolean() ? "/d" : "d"));
          names.add(path);
        }
        case 4 -> {
          var slash = path.lastIndexOf('/');
          entries.add(
              LayerTests.file(path.substring(0, slash + 1) + ".wh." + path.substring(slash + 1)));
        }
        default -> {
          if (path.contains("/")) {
            entries.add(
                LayerTests.file(path.substring(0, path.lastIndexOf('/')) + "/.wh..wh..opq"));
          }
        }
      }
    }
    return LayerTests.tar(entries.toArray(TarEntry[]::new));
  }

  private static String path(Random random) {
    var path = new StringBuilder();
    for (var depth = 1 + random.nextInt(3); depth > 0; depth--) {
      path.append(path.isEmpty() ? "" : "/").append((char) ('a' + random.nextInt(3)));
    }
    return path.toString();
  }
}
