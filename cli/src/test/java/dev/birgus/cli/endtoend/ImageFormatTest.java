package dev.birgus.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --image-format}, on images of FROM scratch, which need no root. */
class ImageFormatTest {

  private static final String OCI = "application/vnd.oci.image.manifest.v1+json";
  private static final String DOCKER = "application/vnd.docker.distribution.manifest.v2+json";

  @TempDir Path folder;

  @BeforeEach
  void aDockerfile() throws IOException {
    Files.writeString(folder.resolve("Dockerfile"), "FROM scratch\nCOPY Dockerfile /\n");
  }

  private BirgusProcess.Outcome build(String... more) throws Exception {
    var words = new java.util.ArrayList<>(java.util.List.of("-c", ".", "--no-push"));
    words.add("--oci-layout-path=layout");
    words.addAll(java.util.List.of(more));
    return new BirgusProcess(folder.resolve("state"), folder).run(words.toArray(String[]::new));
  }

  private String typeAfter(String... more) throws Exception {
    var outcome = build(more);
    assertThat(outcome.exitCode()).as(outcome.all()).isZero();
    var index = Files.readString(folder.resolve("layout/index.json"));
    return index.contains(DOCKER) ? DOCKER : index.contains(OCI) ? OCI : index;
  }

  @Test
  void theManifestIsOfTheTypeAskedFor() throws Exception {
    assertThat(typeAfter("--image-format=oci")).isEqualTo(OCI);
  }

  @Test
  void dockersTypeIsThatOfImagesFromScratch() throws Exception {
    assertThat(typeAfter("--image-format=docker")).isEqualTo(DOCKER);
  }

  @Test
  void zstdInDockersTypeIsRefusedBeforeTheBuild() throws Exception {
    var outcome = build("--image-format=docker", "--compression=zstd");

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).contains("cannot be combined with --image-format=docker");
  }
}
