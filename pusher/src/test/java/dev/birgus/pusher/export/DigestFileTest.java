package dev.birgus.pusher.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.Delivery.ToDigestFile;
import dev.birgus.infra.contracts.Delivery.ToDigestFile.Content;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.ImageReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigestFileTest {

  private static final Digest DIGEST = Digest.parse("sha256:" + "a".repeat(64));
  private static final List<ImageReference> NAMES =
      List.of(ImageReference.parse("foo"), ImageReference.parse("localhost:5000/bar/baz:1"));

  @TempDir private Path folder;

  @Test
  void theDigestStandsAloneWithoutEndOfLine() throws Exception {
    var path = folder.resolve("new/digest");

    DigestFile.write(new ToDigestFile(path.toString(), Content.DIGEST), NAMES, DIGEST);

    assertThat(Files.readString(path)).isEqualTo(DIGEST.toString()).hasSize(71);
  }

  @Test
  void namesStandOneALineWithoutTag() {
    assertThat(DigestFile.text(Content.NAME_AND_DIGEST, NAMES, DIGEST))
        .isEqualTo(
            """
            index.docker.io/library/foo@%1$s
            localhost:5000/bar/baz@%1$s
            """
                .formatted(DIGEST));
  }

  @Test
  void namesWithTagStandOneALine() {
    assertThat(DigestFile.text(Content.NAME_TAG_AND_DIGEST, NAMES, DIGEST))
        .isEqualTo(
            """
            index.docker.io/library/foo:latest@%1$s
            localhost:5000/bar/baz:1@%1$s
            """
                .formatted(DIGEST));
  }

  @Test
  void cloudBuildGetsAJsonObjectALine() {
    assertThat(DigestFile.text(Content.BUILDER_OUTPUT, NAMES, DIGEST))
        .isEqualTo(
            """
            {"name":"index.docker.io/library/foo:latest","digest":"%1$s"}
            {"name":"localhost:5000/bar/baz:1","digest":"%1$s"}
            """
                .formatted(DIGEST));
  }
}
