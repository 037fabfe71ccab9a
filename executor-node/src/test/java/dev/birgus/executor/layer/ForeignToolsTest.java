package dev.birgus.executor.layer;

import static dev.birgus.executor.layer.LayerTests.attributes;
import static dev.birgus.executor.layer.LayerTests.device;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.birgus.executor.compression.CompressionTests;
import dev.birgus.executor.files.FileAttributes;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.contracts.LayerCompression;
import dev.birgus.infra.contracts.LayerCompression.Codec;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.testkit.Need;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What other tools make of our layers. */
class ForeignToolsTest {

  @TempDir Path folder = Path.of("");
  private final InMemoryBlobs blobs = new InMemoryBlobs();

  @BeforeEach
  void needsRoot() throws IOException {
    LayerTests.assumeRoot(folder);
  }

  private Path layout(Layer layer) throws IOException {
    var layout = folder.resolve("layout");
    Files.createDirectories(layout.resolve("blobs/sha256"));
    var blob = put(layout, blobs.bytes(layer.blob().digest()));
    var config =
        put(
            layout,
            ("{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{},\"rootfs\":"
                    + "{\"type\":\"layers\",\"diff_ids\":[\""
                    + layer.diffId()
                    + "\"]}}")
                .getBytes(UTF_8));
    var manifest =
        put(
            layout,
            ("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\","
                    + "\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\","
                    + config
                    + "},\"layers\":[{\"mediaType\":\""
                    + layer.blob().mediaType()
                    + "\","
                    + blob
                    + "}]}")
                .getBytes(UTF_8));
    Files.writeString(
        layout.resolve("index.json"),
        "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":"
            + "\"application/vnd.oci.image.manifest.v1+json\","
            + manifest
            + ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"it\"}}]}");
    Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    return layout;
  }

  private static String put(Path layout, byte[] bytes) throws IOException {
    var digest = Digest.sha256(bytes);
    Files.write(layout.resolve("blobs/sha256").resolve(digest.hex()), bytes);
    return "\"digest\":\"" + digest + "\",\"size\":" + bytes.length;
  }

  private void fill(LinuxFileSystem files) throws IOException {
    var xattrs = new TreeMap<>(Map.of("user.x", "\u00e9"));
    files.makeDirectory("/d", attributes(01777, 500));
    files
        .create("/d/" + "l".repeat(200), new FileAttributes(06755, 3_000_000, 7, 9L << 32, xattrs))
        .close();
    files.makeHardLink("/h", "/d/" + "l".repeat(200));
    var noise = new byte[3_000_000];
    new Random(1).nextBytes(noise);
    try (var out = files.create("/\u00fcber", attributes(0640, 77))) {
      out.write(noise);
    }
    files.makeSymlink("/s", "d/../" + "t".repeat(120), attributes(0777, 4));
    files.makeNode("/fifo", device(Kind.FIFO, 0, 0), attributes(0622, 5));
    files.makeNode("/null", device(Kind.CHARACTER_DEVICE, 1, 3), attributes(0666, 6));
    files.setModified("/d", 500_000_000_000L);
  }

  static List<LayerCompression> compressions() {
    return Arrays.stream(Codec.values())
        .map(codec -> new LayerCompression(codec, Optional.empty()))
        .toList();
  }

  private Layer pack(Path upper, LayerCompression how) throws IOException {
    if (how.codec() == Codec.GZIP_ISAL) {
      Need.installed(CompressionTests.isalIsInstalled(), "libisal2");
    }
    var options = new BuildOptions(Optional.empty(), how, false, Map.of());
    return new OverlayLayerPacker(blobs, 2).pack(upper, options, _ -> {}).orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("compressions")
  void umociUnpacksTheSame(LayerCompression how) throws Exception {
    LayerTests.assumeTool("umoci");
    // Debian's umoci is from before zstd layers.
    assumeTrue(how.codec() != Codec.ZSTD, "umoci reads zstd");
    var upper = Files.createDirectory(folder.resolve("upper"));
    try (var files = LinuxFileSystem.open(upper)) {
      fill(files);
      var layer = pack(upper, how);

      LayerTests.run(folder, "umoci", "unpack", "--image", layout(layer) + ":it", "bundle");

      try (var unpacked = LinuxFileSystem.open(folder.resolve("bundle/rootfs"))) {
        assertThat(LayerTests.listing(unpacked)).isEqualTo(LayerTests.listing(files));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("compressions")
  void skopeoCopiesAndDecompressesIt(LayerCompression how) throws Exception {
    LayerTests.assumeTool("skopeo");
    var upper = Files.createDirectory(folder.resolve("upper"));
    try (var files = LinuxFileSystem.open(upper)) {
      fill(files);
    }
    var layer = pack(upper, how);

    LayerTests.run(
        folder,
        "skopeo",
        "copy",
        "--insecure-policy",
        "--dest-decompress",
        "oci:" + layout(layer) + ":it",
        "dir:" + folder.resolve("plain"));

    assertThat(folder.resolve("plain").resolve(layer.diffId().hex())).exists();
  }
}
