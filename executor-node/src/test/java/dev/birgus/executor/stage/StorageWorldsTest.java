package dev.birgus.executor.stage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.executor.files.FileAttributes;
import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.files.OverlayFormat;
import dev.birgus.executor.run.BusyboxRoot;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.testkit.InMemoryBlobStore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same change gives the same layer, to the byte, in overlays and in trees. */
class StorageWorldsTest {

  @TempDir Path folder = Path.of("");
  private final InMemoryBlobStore blobs = new InMemoryBlobStore();
  private final List<StorageWorld> worlds = new ArrayList<>();
  private List<Layer> base = List.of();

  @BeforeEach
  void makeWorlds() throws Exception {
    BusyboxRoot.assume();
    worlds.add(new StorageWorld(RootStorage.OVERLAY, folder.resolve("overlay"), blobs));
    worlds.add(new StorageWorld(RootStorage.TREE, folder.resolve("tree"), blobs));
    base = List.of(worlds.getFirst().pack(makeBase(folder.resolve("base"))));
    for (var world : worlds) {
      world.open(base);
    }
  }

  @AfterEach
  void close() throws IOException {
    for (var world : worlds) {
      world.close();
    }
  }

  private static Path makeBase(Path root) throws IOException {
    for (var directory : List.of("a", "a/b", "a/b/c", "d", "d/e", "hidden", "links")) {
      Files.createDirectories(root.resolve(directory));
      for (var i = 0; i < 4; i++) {
        Files.writeString(root.resolve(directory).resolve("file-" + i), directory + i);
      }
    }
    try (var files = LinuxFileSystem.open(root)) {
      files.makeHardLink("/links/other", "/links/file-0");
      files.makeSymlink("/a/link", "b", attributes(0777));
      files.setAttributes("/hidden/file-0", attributes(0));
      files.setAttributes("/hidden", attributes(0));
      files.setAttributes("/d/file-1", attributes(04755));
      files.setXattr("/d/file-2", "user.a", "b");
      files.makeNode("/d/device", node(Kind.CHARACTER_DEVICE, 1, 3), attributes(0666));
    }
    return root;
  }

  private static FileAttributes attributes(int mode) {
    return new FileAttributes(mode, 0, 0, 1_000_000_000_000_000_000L, new TreeMap<>());
  }

  private static FileStatus node(Kind kind, int major, int minor) {
    return new FileStatus(kind, 0, 0, 0, 0, 0, 0, 0, 1, major, minor, Optional.empty());
  }

  private List<String> same(StorageWorld.Deed deed) throws Exception {
    var overlay = worlds.getFirst().step(deed);
    var tree = worlds.getLast().step(deed);
    assertThat(tree).isEqualTo(overlay);
    return tree;
  }

  private static Path at(LinuxFileSystem files, String path) {
    return files.root().resolve(path);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 10, 30})
  void whateverIsDoneToFiles(int deeds) throws Exception {
    same(files -> files.remove("/links"));
    for (var seed = 0; seed < 8; seed++) {
      same(new RandomDeeds(1000L * deeds + seed, deeds));
    }
    var layers = worlds.getFirst().finish();

    // A tree of another stage is copied, and one put together of all its layers looks the same.
    assertThat(worlds.getLast().finish()).isEqualTo(layers);
    for (var world : worlds) {
      world.open(layers);
    }
    same(new RandomDeeds(-deeds, deeds));
  }

  @Test
  void nothing() throws Exception {
    assertThat(same(files -> {})).isEmpty();
    assertThat(same(files -> Files.readString(at(files, "a/file-1")))).isEmpty();
  }

  @Test
  void aChangeOfOneAttribute() throws Exception {
    assertThat(same(files -> files.setAttributes("/a/b/file-1", attributes(0600)))).hasSize(4);
    assertThat(same(files -> files.setModified("/a/b", 7_000_000_000L))).hasSize(3);
    assertThat(same(files -> files.setXattr("/d/e/file-0", "user.x", "y"))).hasSize(4);
    assertThat(same(files -> files.setXattr("/d/e", "user.x", "y"))).hasSize(3);
  }

  @Test
  void largeAndSparseFiles() throws Exception {
    same(files -> {
      try (var sparse = new RandomAccessFile(at(files, "sparse").toString(), "rw")) {
        sparse.setLength(1 << 20);
        sparse.seek(1 << 19);
        sparse.write(7);
      }
    });
  }

  @Test
  void aSocketIsLeftOut() throws Exception {
    var lines =
        same(files -> {
          try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(at(files, "d/s")));
          }
        });

    assertThat(lines).hasSize(2);
  }

  /** An overlay takes the new directory for one that hides something. */
  @Test
  void newDirectoriesThatAreRenamed() throws Exception {
    var lines =
        same(files -> {
          files.makeDirectory("/new", attributes(0755));
          Files.move(at(files, "a/b/file-0"), at(files, "new/file"));
          Files.move(at(files, "new"), at(files, "newer"));
          files.makeDirectory("/d/into", attributes(0755));
          Files.move(at(files, "d/into"), at(files, "newer/into"));
        });
    assertThat(String.join("\n", lines)).doesNotContain(".wh..wh..opq");

    // There it does hide something, and below it nothing more.
    same(files -> {
      files.makeDirectory("/made", attributes(0755));
      files.makeDirectory("/a/b/made", attributes(0755));
      Files.move(at(files, "a/b/made"), at(files, "a/b/c/made"));
      files.remove("/d");
      Files.move(at(files, "made"), at(files, "d"));
      Files.move(at(files, "a/b/c/made"), at(files, "d/e"));
    });
    same(files -> files.remove("/newer"));
    same(files -> {
      files.makeDirectory("/made", attributes(0755));
      Files.move(at(files, "made"), at(files, "newer"));
    });
    var layers = worlds.getFirst().finish();
    assertThat(worlds.getLast().finish()).isEqualTo(layers);
  }

  /** The layer is kept as it was written, for it may come upon another one some day. */
  @Test
  void theMarkOfARenamedDirectoryIsNotKeptOnTheNode() throws Exception {
    var overlay = worlds.getFirst();
    overlay.step(files -> {
      files.makeDirectory("/new", attributes(0755));
      Files.move(at(files, "new"), at(files, "newer"));
    });
    var kept = overlay.kept(overlay.finish().getLast());

    try (var files = LinuxFileSystem.open(kept)) {
      assertThat(files.xattrs("/newer")).doesNotContainKey(OverlayFormat.of(kept).opaque());
    }
  }

  @Test
  void aSocketInThePlaceOfAFile() throws Exception {
    StorageWorld.Deed bind =
        files -> {
          for (var path : List.of("d/file-0", "e/s", "links/s")) {
            Files.createDirectories(at(files, path).getParent());
            Files.deleteIfExists(at(files, path));
            try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
              server.bind(UnixDomainSocketAddress.of(at(files, path)));
            }
          }
        };

    assertThat(names(same(bind))).containsExactly("d", "d/.wh.file-0", "e", "links");
    assertThat(worlds.getLast().finish()).isEqualTo(worlds.getFirst().finish());
  }

  @Test
  void manyDirectories() throws Exception {
    same(files -> {
      for (var i = 0; i < 3_000; i++) {
        files.makeDirectory("/d/" + i, attributes(0755));
      }
    });
    same(files -> {
      for (var i = 0; i < 3_000; i += 7) {
        files.remove("/d/" + i);
      }
    });
  }

  @Test
  void linksWithinALayerAndToTheImage() throws Exception {
    var lines =
        same(files -> {
          try (var out = files.create("/new", attributes(0644))) {
            out.write("x".getBytes(UTF_8));
          }
          files.makeHardLink("/newer", "/new");
          files.makeHardLink("/of-the-image", "/a/file-0");
        });

    assertThat(String.join("\n", lines)).contains("link=a/file-0", "link=new");
  }

  @Test
  void aDirectoryThatTookThePlaceOfAnother() throws Exception {
    same(files -> {
      files.remove("/a");
      files.makeDirectory("/a", attributes(0755));
      files.makeDirectory("/a/b", attributes(0755));
    });
    same(files -> {
      files.remove("/a/b");
      files.makeSymlink("/a/b", "/d", attributes(0777));
      files.remove("/d/file-1");
      files.makeDirectory("/d/file-1", attributes(0755));
    });
  }

  /** Written twice within a tick of the clock, with the same size and time. */
  @Test
  void whatIsWrittenAgainAtOnce() throws Exception {
    for (var i = 0; i < 30; i++) {
      var content = "content " + (char) ('a' + i);
      assertThat(
              same(files -> {
                Files.writeString(at(files, "d/file-0"), content);
                files.setModified("/d/file-0", 5_000_000_000L);
              }))
          .hasSize(3);
    }
  }

  /**
   * Where a file has several names an overlay tears them apart when one is written to, and a tree
   * does not: the tree's layer is what the command has seen.
   */
  @Test
  void aFileWithSeveralNamesStaysOneInATree() throws Exception {
    StorageWorld.Deed write =
        files -> Files.writeString(at(files, "links/other"), "!", StandardOpenOption.APPEND);

    assertThat(names(worlds.getFirst().step(write))).containsExactly("links", "links/other");
    assertThat(names(worlds.getLast().step(write)))
        .containsExactly("links", "links/file-0", "links/other");
  }

  /** The time of change of the name that stays has moved, though it has not changed. */
  @Test
  void oneOfSeveralNamesIsRemoved() throws Exception {
    assertThat(names(same(files -> files.remove("/links/other"))))
        .containsExactly("links", "links/.wh.other");
  }

  /** An overlay copies a file when it is opened to be written to; docker emits it as well. */
  @Test
  void openingAFileAndWritingNothingIsAChangeInAnOverlayOnly() throws Exception {
    StorageWorld.Deed open =
        files -> Files.newOutputStream(at(files, "d/file-0"), StandardOpenOption.APPEND).close();

    assertThat(names(worlds.getFirst().step(open))).containsExactly("d", "d/file-0");
    assertThat(worlds.getLast().step(open)).isEmpty();
  }

  private static List<String> names(List<String> lines) {
    return lines.stream()
        .limit(lines.size() - 1L)
        .map(line -> line.substring(line.indexOf("name=") + 5, line.indexOf(", type")))
        .map(name -> name.endsWith("/") ? name.substring(0, name.length() - 1) : name)
        .toList();
  }
}
