package dev.birgus.infra.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.json.JsonText;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.ImageReference;
import dev.birgus.infra.oci.Platform;
import dev.birgus.infra.testkit.Need;
import dev.birgus.infra.testkit.RealRegistry;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What we push, skopeo reads; what skopeo pushes, we read. */
final class InteroperationTest {

  private static final Platform AMD64 = Platform.of("linux", "amd64");

  @Test
  void skopeoReadsWhatWePushAndWeReadWhatSkopeoPushes(@TempDir Path folder) throws Exception {
    Need.installed(RealRegistry.program("skopeo").isPresent(), "skopeo");
    try (var real = RealRegistry.plain(folder.resolve("registry"));
        var registries =
            new RemoteRegistries(
                RegistrySettings.DEFAULT, (_, _) -> Optional.empty(), Journal.silent())) {
      // given an image of one layer
      var sources = new RoutingImageSources(registries, Journal.silent());
      var archive =
          new ImageSource.FromRootfsArchive(
              Archives.gzipTar(folder.resolve("root.tgz")).toString());
      var image = sources.resolve("root", archive, AMD64);

      // when we push it, and skopeo copies it on
      var registry = registries.push(real.host());
      var layer = image.manifest().layers().getFirst();
      registry.pushBlob("ours", layer, () -> open(sources, archive, image));
      var config = image.config().toBytes();
      registry.pushBlob("ours", image.manifest().config(), () -> new ByteArrayInputStream(config));
      registry.pushManifest("ours", "1", image.manifest().mediaType(), image.manifest().toBytes());
      var ours = "docker://" + real.host() + "/ours:1";
      skopeo("copy", "--src-tls-verify=false", ours, "oci:" + folder.resolve("layout") + ":x");
      skopeo(
          "copy",
          "--dest-tls-verify=false",
          "oci:" + folder.resolve("layout") + ":x",
          "docker://" + real.host() + "/theirs:2");

      // then it is the same image everywhere
      var inspected =
          JsonText.parseObject(
              skopeo("inspect", "--tls-verify=false", ours).getBytes(StandardCharsets.UTF_8));
      assertThat(inspected.string("Digest")).contains(image.digest().toString());
      var theirs = new ImageSource.FromRegistry(ImageReference.parse(real.host() + "/theirs:2"));
      var layout = new ImageSource.FromLayout(folder.resolve("layout").toString(), "x");
      for (var source : List.of(theirs, layout)) {
        var read = sources.resolve("copy", source, AMD64);
        assertThat(read.digest()).isEqualTo(image.digest());
        assertThat(read.config()).isEqualTo(image.config());
        try (var input = sources.open(source, layer)) {
          assertThat(Digest.sha256(input.readAllBytes())).isEqualTo(layer.digest());
        }
      }
    }
  }

  private static java.io.InputStream open(
      ImageSources sources, ImageSource source, dev.birgus.infra.contracts.ResolvedImage image)
      throws java.io.IOException {
    return sources.open(source, image.manifest().layers().getFirst());
  }

  private static String skopeo(String... arguments) throws Exception {
    var command = new ArrayList<>(List.of("skopeo", "--insecure-policy"));
    command.addAll(List.of(arguments));
    var errors = Files.createTempFile("skopeo", ".log");
    try {
      var process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
      return output;
    } finally {
      Files.delete(errors);
    }
  }
}
