package dev.birgus.executor.layer;

import static dev.birgus.executor.layer.LayerTests.directory;
import static dev.birgus.executor.layer.LayerTests.entry;
import static dev.birgus.executor.layer.LayerTests.file;
import static dev.birgus.executor.layer.LayerTests.gzip;
import static dev.birgus.executor.layer.LayerTests.layer;
import static dev.birgus.executor.layer.LayerTests.symlink;
import static dev.birgus.executor.layer.LayerTests.tar;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.files.OverlayFormat;
import dev.birgus.infra.blobs.DigestMismatchException;
import dev.birgus.infra.contracts.FailureException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerUnpackerTest {

  @TempDir Path folder = Path.of("");
  private final List<String> skipped = new ArrayList<>();
  private @Nullable LinuxFileSystem files;

  @BeforeEach
  void open() throws IOException {
    LayerTests.assumeRoot(folder);
    Files.createDirectory(folder.resolve("outside"));
    Files.writeString(folder.resolve("outside/secret"), "secret");
    files = LinuxFileSystem.open(Files.createDirectory(folder.resolve("root")));
  }

  @AfterEach
  void nothingOutsideWasTouched() throws IOException {
    if (files != null) {
      assertThat(folder.resolve("outside/secret")).hasContent("secret");
      try (var outside = Files.list(folder.resolve("outside"));
          var beside = Files.list(folder)) {
        assertThat(outside).hasSize(1);
        assertThat(beside).hasSize(2);
      }
      for (var name : files.list("/")) {
        files.remove(name);
      }
      files.close();
    }
  }

  private LinuxFileSystem files() {
    return java.util.Objects.requireNonNull(files);
  }

  private void unpack(UnpackLimits limits, byte[] blob, byte[] tar) throws IOException {
    new LayerUnpacker(limits, (path, why) -> skipped.add(path + ": " + why))
        .unpack(layer(blob, tar), _ -> new ByteArrayInputStream(blob), files().root(), _ -> {});
  }

  private void unpack(TarEntry... entries) throws IOException {
    var tar = tar(entries);
    unpack(UnpackLimits.DEFAULT, gzip(tar), tar);
  }

  private Kind kind(String path) throws IOException {
    return files().status(path).map(FileStatus::kind).orElse(Kind.SOCKET);
  }

  private boolean isOpaque(String path) throws IOException {
    return "y".equals(files().xattrs(path).get(OverlayFormat.of(files().root()).opaque()));
  }

  private String text(String path) throws IOException {
    try (var in = files().read(path)) {
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  private void refuses(String name, TarEntry... entries) {
    assertThatThrownBy(() -> unpack(entries))
        .isInstanceOfSatisfying(
            FailureException.class, e -> assertThat(e.failure().name()).isEqualTo(name));
  }

  @Test
  void namesThatLeadOutStayInside() throws IOException {
    unpack(file("../../../a"), file("/b"), file("./c/../../d"), file("x//y"));

    assertThat(files().list("/")).containsExactly("a", "b", "d", "x");
    assertThat(text("/x/y")).isEqualTo("x//y");
  }

  @Test
  void parentsThatAreLinksStayInside() throws IOException {
    var outside = folder.resolve("outside").toString();
    unpack(
        symlink("evil", outside),
        file("evil/secret"),
        symlink("up", "../../../../../.." + outside),
        file("up/other"),
        directory("evil/sub"));

    assertThat(text(outside + "/secret")).isEqualTo("evil/secret");
    assertThat(kind(outside + "/other")).isEqualTo(Kind.FILE);
  }

  @Test
  void entriesReplaceLinksInsteadOfFollowingThem() throws IOException {
    var secret = folder.resolve("outside/secret").toString();
    unpack(
        symlink("a", secret),
        file("a"),
        symlink("b", folder.resolve("outside").toString()),
        directory("b"),
        file("b/secret"));

    assertThat(kind("/a")).isEqualTo(Kind.FILE);
    assertThat(kind("/b")).isEqualTo(Kind.DIRECTORY);
  }

  @Test
  void hardLinksReachTheLayerOnly() throws IOException {
    var secret = folder.resolve("outside/secret").toString();
    refuses("layer-refused", entry("l", TarEntry.Type.HARD_LINK, secret));
    refuses("layer-refused", entry("l", TarEntry.Type.HARD_LINK, "../outside/secret"));
    refuses("layer-refused", directory("d"), entry("l", TarEntry.Type.HARD_LINK, "d"));
    refuses(
        "layer-refused",
        symlink("evil", folder.resolve("outside").toString()),
        entry("l", TarEntry.Type.HARD_LINK, "evil/secret"));
  }

  @Test
  void aHardLinkToALinkIsTheLinkItself() throws IOException {
    var secret = folder.resolve("outside/secret").toString();
    unpack(symlink("s", secret), entry("l", TarEntry.Type.HARD_LINK, "/s"));

    assertThat(kind("/l")).isEqualTo(Kind.SYMLINK);
  }

  @Test
  void whiteoutsOfNothingAreRefused() {
    for (var name : List.of(".wh.", ".wh..", ".wh...", "d/.wh..")) {
      refuses("layer-refused", file(name));
    }
  }

  @Test
  void marksOfOtherUnionFileSystemsAreSkipped() throws IOException {
    unpack(file(".wh..wh.plnk"), file(".wh..wh.aufs"), file(".wh..wh..opq"));

    assertThat(files().list("/")).isEmpty();
    assertThat(skipped).hasSize(3);
  }

  @Test
  void whiteoutsBecomeDevices() throws IOException {
    unpack(file("d/.wh.x"), file(".wh.y"), file(".wh.y"));

    for (var path : List.of("/d/x", "/y")) {
      assertThat(kind(path)).isEqualTo(Kind.CHARACTER_DEVICE);
      assertThat(files().status(path).orElseThrow().major()).isZero();
    }
  }

  @Test
  void whiteoutsHideLowerLayersOnlyWhateverTheOrder() throws IOException {
    unpack(
        file("a"),
        file(".wh.a"),
        file(".wh.b"),
        file("b"),
        directory("c"),
        file("c/new"),
        file(".wh.c"),
        file(".wh.e"),
        directory("e"),
        file(".wh.f"),
        file("f/g/h"));

    assertThat(kind("/a")).isEqualTo(Kind.FILE);
    assertThat(kind("/b")).isEqualTo(Kind.FILE);
    assertThat(kind("/c/new")).isEqualTo(Kind.FILE);
    assertThat(isOpaque("/c")).isTrue();
    assertThat(isOpaque("/e")).isTrue();
    assertThat(isOpaque("/f")).isTrue();
    assertThat(isOpaque("/f/g")).isFalse();
  }

  @Test
  void aDirectoryHidesWhatTheEntriesBeforeItInItsPlaceHaveHidden() throws IOException {
    unpack(
        file(".wh.a"),
        file("a"),
        directory("a"),
        file("b/.wh..wh..opq"),
        file("b"),
        directory("b"),
        file("c"),
        directory("c"));

    assertThat(isOpaque("/a")).isTrue();
    assertThat(isOpaque("/b")).isTrue();
    assertThat(isOpaque("/c")).isFalse();
  }

  @Test
  void anOpaqueMarkThroughALinkStaysInside() throws IOException {
    unpack(symlink("evil", folder.resolve("outside").toString()), file("evil/.wh..wh..opq"));

    assertThat(isOpaque(folder.resolve("outside").toString())).isTrue();
    try (var real = LinuxFileSystem.open(folder.resolve("outside"))) {
      assertThat(real.xattrs("/")).isEmpty();
    }
  }

  @Test
  void whiteoutsThroughLinksStayInside() throws IOException {
    unpack(symlink("evil", folder.resolve("outside").toString()), file("evil/.wh.secret"));

    assertThat(kind(folder.resolve("outside/secret").toString())).isEqualTo(Kind.CHARACTER_DEVICE);
  }

  @Test
  void foreignOverlayMarksAreNotSet() throws IOException {
    var xattrs = new TreeMap<String, String>();
    xattrs.put("trusted.overlay.redirect", "/etc");
    xattrs.put("user.overlay.opaque", "y");
    xattrs.put("user.fine", "1");
    unpack(new TarEntry("d", TarEntry.Type.DIRECTORY, 0755, 0, 0, 0, 1, "", 0, 0, xattrs));

    assertThat(files().xattrs("/d")).isEqualTo(Map.of("user.fine", "1"));
    assertThat(skipped).hasSize(2);
  }

  @Test
  void aDeviceThatWouldBeAWhiteoutIsSkipped() throws IOException {
    unpack(entry("zero", TarEntry.Type.CHARACTER_DEVICE, ""));

    assertThat(files().list("/")).isEmpty();
    assertThat(skipped).singleElement().asString().startsWith("/zero");
  }

  @Test
  void ofEntriesWithOneNameTheLastHolds() throws IOException {
    unpack(
        directory("a"),
        file("a/x"),
        file("a"),
        file("b"),
        directory("b"),
        file("b/y"),
        directory("c"),
        file("c/z"),
        directory("c"));

    assertThat(kind("/a")).isEqualTo(Kind.FILE);
    assertThat(files().list("/b")).containsExactly("y");
    assertThat(files().list("/c")).containsExactly("z");
  }

  @Test
  void aFileIsNoParent() {
    refuses("layer-refused", file("a"), file("a/b"));
  }

  @Test
  void linksInACircleAreRefused() {
    refuses("layer-refused", symlink("a", "b"), symlink("b", "a"), file("a/x"));
  }

  @Test
  void missingParentsAreMadeAndTimesSetLast() throws IOException {
    unpack(directory("d"), file("d/x"), file("p/q/x"));

    var parent = files().status("/p/q").orElseThrow();
    assertThat(parent.mode()).isEqualTo(0755);
    assertThat(parent.modified()).isZero();
    assertThat(files().status("/d").orElseThrow().modified()).isEqualTo(1000_000_000_000L);
  }

  @Test
  void limitsHold() throws IOException {
    var tar = tar(file("a"), file("b"), file("c/d/e"));
    var blob = gzip(tar);
    for (var limits :
        List.of(
            new UnpackLimits(2, 10, 1000, 100_000),
            new UnpackLimits(10, 2, 1000, 100_000),
            new UnpackLimits(10, 10, 1000, 2000))) {
      assertThatThrownBy(() -> unpack(limits, blob, tar)).isInstanceOf(FailureException.class);
    }
    unpack(new UnpackLimits(3, 3, 1, tar.length), blob, tar);
  }

  @Test
  void plainTarsAndSeveralGzipMembersAreRead() throws IOException {
    var tar = tar(file("a"), file("b"));
    unpack(UnpackLimits.DEFAULT, tar, tar);
    var members = new ByteArrayOutputStream();
    for (var part = 0; part < tar.length; part += 700) {
      members.write(gzip(Arrays.copyOfRange(tar, part, Math.min(tar.length, part + 700))));
    }

    unpack(UnpackLimits.DEFAULT, members.toByteArray(), tar);

    assertThat(files().list("/")).containsExactly("a", "b");
  }

  @Test
  void bytesBehindTheTarCountForTheDigest() throws IOException {
    var tar = tar(file("a"));
    var longer = Arrays.copyOf(tar, tar.length + 100_001);
    longer[longer.length - 1] = 7;

    unpack(UnpackLimits.DEFAULT, gzip(longer), longer);
    assertThatThrownBy(() -> unpack(UnpackLimits.DEFAULT, gzip(longer), tar))
        .isInstanceOf(DigestMismatchException.class);
  }

  @Test
  void anErrorOfTheBlobIsNotTakenForItsEnd() throws IOException {
    var tar = tar(file("a"));
    var blob = gzip(tar);
    var layer = layer(blob, tar);
    LayerStore.BlobReader reader =
        _ ->
            new FilterInputStream(new ByteArrayInputStream(blob)) {
              @Override
              public int read(byte[] bytes, int offset, int length) throws IOException {
                var read = super.read(bytes, offset, length);
                if (read < 0) {
                  throw new IOException("the blob was another");
                }
                return read;
              }
            };

    assertThatThrownBy(() ->
            new LayerUnpacker(UnpackLimits.DEFAULT, (_, _) -> {})
                .unpack(layer, reader, files().root(), _ -> {}))
        .hasMessageContaining("the blob was another");
  }

  @Test
  void whatIsNoLayerIsRefusedByName() throws IOException {
    var tar = tar(file("a"));
    var blob = gzip(tar);
    var cut = Arrays.copyOf(blob, blob.length - 20);
    var zstd = new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, 0};

    assertThatThrownBy(() -> unpack(UnpackLimits.DEFAULT, cut, tar))
        .hasMessageContaining("cannot be decompressed");
    assertThatThrownBy(() -> unpack(UnpackLimits.DEFAULT, zstd, tar))
        .hasMessageContaining("cannot be decompressed");
  }

  @Test
  void aZstdLayerOfSeveralFramesIsUnpacked() throws IOException {
    var tar = tar(file("a"));
    var half = tar.length / 2;
    var blob = new java.io.ByteArrayOutputStream();
    blob.writeBytes(com.github.luben.zstd.Zstd.compress(Arrays.copyOf(tar, half)));
    blob.writeBytes(com.github.luben.zstd.Zstd.compress(Arrays.copyOfRange(tar, half, tar.length)));

    unpack(UnpackLimits.DEFAULT, blob.toByteArray(), tar);

    assertThat(text("/a")).isEqualTo("a");
  }

  @Test
  void whatGnuTarMakesIsRead() throws Exception {
    LayerTests.assumeTool("tar");
    var source = Files.createDirectory(folder.resolve("root/source"));
    var copy = Files.createDirectory(folder.resolve("root/copy"));
    try (var in = LinuxFileSystem.open(source)) {
      in.makeDirectory("/d", LayerTests.attributes(02755, 3));
      in.create("/d/" + "n".repeat(200), LayerTests.attributes(04755, 5)).close();
      in.makeHardLink("/hard", "/d/" + "n".repeat(200));
      in.makeSymlink("/s", "t".repeat(180), LayerTests.attributes(0777, 6));
      in.makeNode("/f", LayerTests.device(Kind.FIFO, 0, 0), LayerTests.attributes(0600, 7));
      in.makeNode("/n", LayerTests.device(Kind.BLOCK_DEVICE, 8, 1), LayerTests.attributes(0600, 7));
      in.create("/\udcfe\u00fc", LayerTests.attributes(0644, -9)).close();
      in.setModified("/d", 3_000_000_000L);
      for (var format : List.of("gnu", "posix", "ustar")) {
        if (format.equals("ustar")) {
          in.remove("/d");
          in.remove("/hard");
          in.remove("/s");
          in.setModified("/\udcfe\u00fc", 0);
        }
        var file = folder.resolve("root/made.tar");
        LayerTests.run(
            source, "tar", "-c", "--format=" + format, "--sort=name", "-f", file.toString(), ".");
        var tar = Files.readAllBytes(file);
        new LayerUnpacker(UnpackLimits.DEFAULT, (path, _) -> skipped.add(path))
            .unpack(layer(tar, tar), _ -> new ByteArrayInputStream(tar), copy, _ -> {});
        try (var out = LinuxFileSystem.open(copy)) {
          assertThat(LayerTests.listing(out)).isEqualTo(LayerTests.listing(in));
          for (var name : out.list("/")) {
            out.remove(name);
          }
        }
      }
    }
  }
}
