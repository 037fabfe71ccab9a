package dev.birgus.executor.layer;

import static dev.birgus.executor.layer.LayerTests.attributes;
import static dev.birgus.executor.layer.LayerTests.device;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.executor.files.FileAttributes;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.files.LinuxOverlays;
import dev.birgus.executor.files.OverlayFormat;
import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.contracts.LayerCompression;
import dev.birgus.infra.oci.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverlayLayerPackerTest {

  private static final String CAPABILITY = "\1\0\0\2\0\u0004\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

  @TempDir Path folder = Path.of("");
  private final InMemoryBlobs blobs = new InMemoryBlobs();
  private final OverlayLayerPacker packer = new OverlayLayerPacker(blobs, 2);

  @BeforeEach
  void needsRoot() throws IOException {
    LayerTests.assumeRoot(folder);
  }

  private Layer pack(Path upper, BuildOptions options) throws IOException {
    return packer.pack(upper, options, _ -> {}).orElseThrow();
  }

  private byte[] tar(Layer layer) throws IOException {
    var zipped = new ByteArrayInputStream(blobs.bytes(layer.blob().digest()));
    return new GZIPInputStream(zipped).readAllBytes();
  }

  private List<TarEntry> entries(Layer layer) throws IOException {
    var entries = new ArrayList<TarEntry>();
    try (var tar = new TarReader(new ByteArrayInputStream(tar(layer)), 1 << 20)) {
      for (var entry = tar.next(); entry.isPresent(); entry = tar.next()) {
        entries.add(entry.get());
      }
    }
    return entries;
  }

  private List<String> names(Layer layer) throws IOException {
    return entries(layer).stream().map(TarEntry::name).toList();
  }

  /** One of everything a file system has. */
  private void fill(Path directory) throws IOException {
    try (var files = LinuxFileSystem.open(directory)) {
      var xattrs = new TreeMap<>(Map.of("security.capability", CAPABILITY, "user.x", "\u00e9\0"));
      files.makeDirectory("/d", attributes(01777, 500));
      write(files, "/d/plain", new FileAttributes(0644, 4_000_000_000L, 3_000_000, 7, xattrs));
      write(files, "/d/setuid", attributes(06755, -5));
      files.makeHardLink("/d/also", "/d/setuid");
      files.makeHardLink("/again", "/d/setuid");
      write(files, "/d/" + "l".repeat(255), attributes(0, 1));
      var deep = "/" + "p".repeat(200);
      files.makeDirectory(deep, attributes(0700, 2));
      files.makeDirectory(deep + "/" + "q".repeat(200), attributes(0755, 3));
      write(files, "/\udcff bytes \u00e9\n", attributes(0600, 8L << 33));
      files.makeSymlink("/link", "x".repeat(150) + "\u20ac", attributes(0777, 4));
      files.makeNode("/fifo", device(Kind.FIFO, 0, 0), attributes(0622, 5));
      files.makeNode("/null", device(Kind.CHARACTER_DEVICE, 1, 3), attributes(0666, 6));
      files.makeNode("/loop", device(Kind.BLOCK_DEVICE, 7, 300), attributes(0660, 7));
      files.setModified("/d", 500_000_000_000L);
      files.setModified(deep, 2_000_000_000L);
    }
    try (var sparse = new java.io.RandomAccessFile(directory.resolve("sparse").toFile(), "rw")) {
      sparse.setLength(5_000_000);
      sparse.seek(3_000_000);
      sparse.write("data".getBytes(UTF_8));
    }
  }

  private static void write(LinuxFileSystem files, String path, FileAttributes attributes)
      throws IOException {
    try (var out = files.create(path, attributes)) {
      out.write(path.getBytes(UTF_8));
    }
  }

  @Test
  void anEmptyDirectoryIsNoLayer() throws IOException {
    assertThat(packer.pack(folder, BuildOptions.DEFAULT, _ -> {})).isEmpty();
    assertThat(blobs.count()).isZero();
  }

  @Test
  void theDigestsAreThoseOfTheBytes() throws IOException {
    fill(folder);

    var layer = pack(folder, BuildOptions.DEFAULT);

    assertThat(layer.diffId()).isEqualTo(Digest.sha256(tar(layer)));
    assertThat(layer.blob().size()).isEqualTo(blobs.bytes(layer.blob().digest()).length);
    assertThat(pack(folder, BuildOptions.DEFAULT)).isEqualTo(layer);
    assertThat(new OverlayLayerPacker(blobs, 1).pack(folder, BuildOptions.DEFAULT, _ -> {}))
        .contains(layer);
  }

  @Test
  void whatIsPackedAndUnpackedIsTheSame() throws IOException {
    fill(folder);
    var copy = Files.createTempDirectory("birgus-copy");
    try (var before = LinuxFileSystem.open(folder);
        var after = LinuxFileSystem.open(copy)) {
      var skipped = new ArrayList<String>();
      var unpacker =
          new LayerUnpacker(UnpackLimits.DEFAULT, (path, why) -> skipped.add(path + ": " + why));
      unpacker.unpack(pack(folder, BuildOptions.DEFAULT), blobs, copy, _ -> {});

      assertThat(LayerTests.listing(after)).isEqualTo(LayerTests.listing(before));
      assertThat(skipped).isEmpty();
      removeAll(after);
    }
    Files.delete(copy);
  }

  @Test
  void gnuTarUnpacksTheSame() throws Exception {
    LayerTests.assumeTool("tar");
    var upper = Files.createDirectory(folder.resolve("upper"));
    var copy = Files.createDirectory(folder.resolve("copy"));
    fill(upper);
    var file = folder.resolve("layer.tar");
    Files.write(file, tar(pack(upper, BuildOptions.DEFAULT)));

    LayerTests.run(
        copy,
        "tar",
        "-x",
        "-p",
        "--numeric-owner",
        "--xattrs",
        "--xattrs-include=*",
        "-f",
        file.toString());

    try (var before = LinuxFileSystem.open(upper);
        var after = LinuxFileSystem.open(copy)) {
      assertThat(LayerTests.listing(after)).isEqualTo(LayerTests.listing(before));
    }
  }

  private static void removeAll(LinuxFileSystem files) throws IOException {
    for (var name : files.list("/")) {
      files.remove(name);
    }
  }

  @Test
  void entriesAreSortedAndTheRootIsNoneOfThem() throws IOException {
    Files.createDirectories(folder.resolve("b/z"));
    Files.writeString(folder.resolve("b.a"), "");
    Files.writeString(folder.resolve("b/a"), "");
    Files.writeString(folder.resolve("a"), "");

    assertThat(names(pack(folder, BuildOptions.DEFAULT)))
        .containsExactly("a", "b/", "b/a", "b/z/", "b.a");
  }

  @Test
  void anInterruptEndsThePacking() throws IOException {
    Files.writeString(folder.resolve("a"), "");
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> pack(folder, BuildOptions.DEFAULT))
          .isInstanceOf(java.io.InterruptedIOException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(blobs.count()).isZero();
  }

  @Test
  void laterTimesBecomeTheTimestamp() throws IOException {
    try (var files = LinuxFileSystem.open(folder)) {
      files.create("/early", attributes(0644, 10)).close();
      files.create("/late", attributes(0644, 99_999)).close();
    }
    var options =
        new BuildOptions(
            Optional.of(Instant.ofEpochSecond(1000)), LayerCompression.DEFAULT, false, Map.of());

    assertThat(entries(pack(folder, options)))
        .extracting(TarEntry::seconds)
        .containsExactly(10L, 1000L);
  }

  @Test
  void socketsAndMarksAreLeftOut() throws IOException {
    try (var files = LinuxFileSystem.open(folder);
        var server =
            java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
      server.bind(java.net.UnixDomainSocketAddress.of(folder.resolve("socket")));
      files.makeDirectory("/d", attributes(0755, 1));
      var prefix = OverlayFormat.of(folder).prefix();
      files.setXattr("/d", prefix + "origin", "x");
      files.setXattr("/d", "user.kept", "y");
      var layer = pack(folder, BuildOptions.DEFAULT);

      assertThat(entries(layer)).hasSize(1);
      assertThat(entries(layer).getFirst().xattrs()).isEqualTo(Map.of("user.kept", "y"));
    }
  }

  @Test
  void aReferenceOfTheOverlayIsRefused() throws IOException {
    try (var files = LinuxFileSystem.open(folder)) {
      files.makeDirectory("/d", attributes(0755, 1));
      files.setXattr("/d", OverlayFormat.of(folder).prefix() + "redirect", "/elsewhere");
    }

    assertThatThrownBy(() -> pack(folder, BuildOptions.DEFAULT))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("reference");
    assertThat(blobs.count()).isZero();
  }

  @Test
  void whatIsDoneInAnOverlayBecomesItsChanges() throws IOException {
    var low = Files.createDirectories(folder.resolve("low"));
    for (var directory : List.of("gone", "again", "kept")) {
      Files.createDirectory(low.resolve(directory));
      Files.writeString(low.resolve(directory + "/x"), "x");
    }
    Files.writeString(low.resolve("file"), "x");
    Layer layer;
    try (var mount = new LinuxOverlays().mount(List.of(low), folder.resolve("work"))) {
      try (var files = LinuxFileSystem.open(mount.merged())) {
        files.remove("/gone");
        files.remove("/again");
        files.makeDirectory("/again", attributes(0755, 1));
        write(files, "/again/new", attributes(0644, 1));
        files.remove("/kept/x");
        files.remove("/file");
        files.makeSymlink("/file", "there", attributes(0777, 1));
      }
      layer = pack(mount.upper(), BuildOptions.DEFAULT);
    } catch (FailureException e) {
      org.junit.jupiter.api.Assumptions.abort("overlays cannot be mounted here");
      return;
    }

    assertThat(names(layer))
        .containsExactly(
            "again/", "again/.wh..wh..opq", "again/new", "file", ".wh.gone", "kept/", "kept/.wh.x");
  }
}
