package dev.birgus.executor.layer;

import static dev.birgus.executor.layer.LayerTests.attributes;
import static dev.birgus.executor.layer.LayerTests.device;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.executor.files.FileAttributes;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
                    + "},\"layers\":[{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+gzip\","
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

  @Test
  void umociUnpacksTheSame() throws Exception {
    LayerTests.assumeTool("umoci");
    var upper = Files.createDirectory(folder.resolve("upper"));
    try (var files = LinuxFileSystem.open(upper)) {
      fill(files);
      var layer =
          new OverlayLayerPacker(blobs, 2).pack(upper, BuildOptions.DEFAULT, _ -> {}).orElseThrow();

      LayerTests.run(folder, "umoci", "unpack", "--image", layout(layer) + ":it", "bundle");

      try (var unpacked = LinuxFileSystem.open(folder.resolve("bundle/rootfs"))) {
        assertThat(LayerTests.listing(unpacked)).isEqualTo(LayerTests.listing(files));
      }
    }
  }

  @Test
  void skopeoCopiesAndDecompressesIt() throws Exception {
    LayerTests.assumeTool("skopeo");
    var upper = Files.createDirectory(folder.resolve("upper"));
    try (var files = LinuxFileSystem.open(upper)) {
      fill(files);
    }
    var layer =
        new OverlayLayerPacker(blobs, 2).pack(upper, BuildOptions.DEFAULT, _ -> {}).orElseThrow();

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
