package dev.birgus.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.event.EventHandlers;
import com.google.cloud.tools.jib.http.FailoverHttpClient;
import com.google.cloud.tools.jib.image.json.BuildableManifestTemplate;
import com.google.cloud.tools.jib.registry.RegistryClient;
import dev.birgus.infra.testkit.RealRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What we push, the tools of others read; and on what they push, we build. */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InteroperationTest {

  @TempDir static Path shared;
  private RealRegistry registry;

  @TempDir Path folder;

  @BeforeAll
  void anImageOfOurs() throws Exception {
    Tool.needRoot();
    Tool.need("docker-registry", "skopeo", "umoci", "buildah");
    registry = RealRegistry.plain(Files.createDirectories(shared.resolve("registry")));
    var context = Files.createDirectories(shared.resolve("context"));
    Files.writeString(context.resolve("hello"), "hello\n");
    Files.createDirectories(context.resolve("more"));
    Files.createSymbolicLink(context.resolve("more/link"), Path.of("../hello"));
    Files.writeString(
        context.resolve("Dockerfile"),
        """
        FROM scratch
        COPY --chown=12:34 --chmod=0640 hello /data/hello
        COPY more /data/more/
        LABEL of=ours
        """);
    var outcome =
        new BirgusProcess(shared.resolve("state"), shared)
            .run(
                "--context=context",
                "--annotation=org.example.note=kept",
                "--destination=" + registry.host() + "/ours:1");
    assertThat(outcome.exitCode()).as(outcome.all()).isZero();
  }

  @AfterAll
  void end() {
    if (registry != null) {
      registry.close();
    }
  }

  @BeforeEach
  void aContextThatBuildsOnOthers() throws Exception {
    Files.createDirectories(folder.resolve("context"));
    Files.writeString(folder.resolve("context/again"), "again\n");
  }

  /** The files of an image, as umoci unpacks it. */
  private Path unpacked(String image) throws Exception {
    var bundle = folder.resolve("bundle-" + System.nanoTime());
    Tool.sh(
        folder,
        "skopeo --insecure-policy copy -q --src-tls-verify=false --dest-compress-format gzip"
            + " docker://%s/%s oci:layout:x".formatted(registry.host(), image)
            + " && umoci unpack --image layout:x "
            + bundle);
    return bundle.resolve("rootfs");
  }

  /** Builds on an image of others and gives the files of the result. */
  private Path builtOn(String image, String... flags) throws Exception {
    Files.writeString(
        folder.resolve("context/Dockerfile"),
        "FROM %1$s/%2$s\nCOPY again /again\nCOPY --from=%1$s/%2$s /data/hello /copied\n"
            .formatted(registry.host(), image));
    var result = "result-" + System.nanoTime() + ":1";
    var arguments =
        new ArrayList<>(
            List.of("--context=context", "--destination=" + registry.host() + "/" + result));
    arguments.addAll(List.of(flags));
    var outcome =
        new BirgusProcess(folder.resolve("state"), folder).run(arguments.toArray(String[]::new));
    assertThat(outcome.exitCode()).as(outcome.all()).isZero();
    var root = unpacked(result);
    assertThat(root.resolve("again")).hasContent("again\n");
    assertThat(root.resolve("copied")).hasSameBinaryContentAs(root.resolve("data/hello"));
    return root;
  }

  private String buildah() {
    return "buildah --storage-driver vfs --root "
        + folder.resolve("root")
        + " --runroot "
        + folder.resolve("run");
  }

  @Test
  void umociUnpacksWhatWePushed() throws Exception {
    var root = unpacked("ours:1");

    assertThat(Tool.sh(root, "stat -c '%a %u %g' data/hello")).isEqualTo("640 12 34\n");
    assertThat(root.resolve("data/hello")).hasContent("hello\n");
    assertThat(Files.readSymbolicLink(root.resolve("data/more/link"))).hasToString("../hello");
  }

  @Test
  void jibReadsWhatWePushed() throws Exception {
    // given
    var http = new FailoverHttpClient(true, true, _ -> {});
    var client =
        RegistryClient.factory(EventHandlers.NONE, registry.host(), "ours", http)
            .newRegistryClient();

    // when
    var pulled = client.pullManifest("1");

    // then
    var manifest = (BuildableManifestTemplate) pulled.getManifest();
    assertThat(manifest.getLayers()).isNotEmpty();
    for (var layer : manifest.getLayers()) {
      var size = new AtomicLong();
      var blob = client.pullBlob(layer.getDigest(), _ -> {}, size::addAndGet);
      var written = blob.writeTo(java.io.OutputStream.nullOutputStream());
      assertThat(written.getDigest()).isEqualTo(layer.getDigest());
    }
    http.shutDown();
  }

  private String manifest(String image) throws Exception {
    return Tool.sh(
        folder,
        "skopeo inspect --raw --tls-verify=false docker://" + registry.host() + "/" + image);
  }

  @ParameterizedTest
  @CsvSource({"v2s2, vnd.docker.distribution.manifest.v2", "oci, vnd.oci.image.manifest.v1"})
  void weBuildOnWhatSkopeoPushed(String format, String type) throws Exception {
    // given
    var theirs = "skopeo-" + format + ":1";
    Tool.sh(
        folder,
        "skopeo --insecure-policy copy -q --src-tls-verify=false --dest-tls-verify=false"
            + " --format %s docker://%s/ours:1 docker://%s/%s"
                .formatted(format, registry.host(), registry.host(), theirs));
    assertThat(manifest(theirs)).contains(type);

    // then
    assertThat(builtOn(theirs).resolve("data/hello")).hasContent("hello\n");
  }

  @ParameterizedTest
  @CsvSource({"oci, gzip", "docker, gzip", "oci, zstd"})
  void weBuildOnWhatBuildahPushed(String format, String compression) throws Exception {
    // given
    var words = format + " and " + compression + " by buildah\n";
    var theirs = "buildah-" + format + "-" + compression + ":1";
    Files.createDirectories(folder.resolve("data"));
    Files.writeString(folder.resolve("data/hello"), words);
    Tool.sh(
        folder,
        """
        BUILDAH="%1$s"
        c=$($BUILDAH from scratch)
        $BUILDAH copy -q $c data /data
        $BUILDAH config --annotation org.foreign.note=theirs --label a=b --stop-signal SIGINT $c
        $BUILDAH commit -q --format %2$s $c theirs
        $BUILDAH push -q --tls-verify=false --compression-format %4$s theirs docker://%3$s/%5$s
        """
            .formatted(buildah(), format, registry.host(), compression, theirs));
    assertThat(manifest(theirs)).contains(compression);

    // then
    assertThat(builtOn(theirs).resolve("data/hello")).hasContent(words);
  }

  @Test
  void ofAnIndexWithForeignAnnotationsWeTakeThePlatformAskedFor() throws Exception {
    // given
    Tool.sh(
        folder,
        """
        BUILDAH="%1$s"
        $BUILDAH manifest create many
        for arch in amd64 arm64 ppc64le; do
          mkdir -p $arch/data && echo "for $arch" > $arch/data/hello
          c=$($BUILDAH from --arch $arch scratch)
          $BUILDAH copy -q $c $arch /
          $BUILDAH config --arch $arch $c
          id=$($BUILDAH commit -q --format oci $c image-$arch)
          $BUILDAH manifest add --arch $arch --annotation org.foreign.note=$arch many image-$arch
        done
        $BUILDAH manifest push -q --all --tls-verify=false --format oci many docker://%2$s/many:1
        """
            .formatted(buildah(), registry.host()));

    // then
    assertThat(builtOn("many:1", "--custom-platform=linux/amd64").resolve("data/hello"))
        .hasContent("for amd64\n");
    assertThat(builtOn("many:1", "--custom-platform=linux/arm64").resolve("data/hello"))
        .hasContent("for arm64\n");
  }

  @Test
  void weBuildOnWhatJibPushed() throws Exception {
    // given
    Files.createDirectories(folder.resolve("data"));
    var hello = Files.writeString(folder.resolve("data/hello"), "from jib\n");
    Jib.fromScratch()
        .addLayer(List.of(hello), AbsoluteUnixPath.get("/data"))
        .addLabel("a", "b")
        .containerize(
            Containerizer.to(RegistryImage.named(registry.host() + "/jib:1"))
                .setAllowInsecureRegistries(true)
                .setBaseImageLayersCache(folder.resolve("jib-base"))
                .setApplicationLayersCache(folder.resolve("jib-layers"))
                .setOfflineMode(false));

    // then
    assertThat(builtOn("jib:1").resolve("data/hello")).hasContent("from jib\n");
  }
}
