package dev.birgus.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What becomes of a file with several names when one of them is written to or moved. An overlay
 * tears them apart, and a command sees it; in a tree they stay one file. So it is with buildah's
 * overlays, which are docker's, and with its trees, where all steps have one.
 */
class SeveralNamesTest {

  private static final String DOCKERFILE =
      """
      FROM base
      RUN for i in w m l; do echo $i >/$i-1; ln /$i-1 /$i-2; done; echo o >/o
      RUN echo more >>/w-1; mv /m-1 /m-3; ln /l-1 /l-3; ln /o /o-2; cat /w-2 >/seen
      RUN echo more >>/l-3; rm /m-2; echo more >>/o
      """;

  private static final String LIST =
      """
      cd %s/rootfs
      for file in w-* m-* l-* o o-2 seen; do
        echo "$file $(stat -c %%h $file) $(tr '\\n' ' ' <$file)"
      done
      """;

  @TempDir Path folder = Path.of("");

  @ParameterizedTest
  @CsvSource({"overlay, overlay, true", "tree, vfs, false"})
  void theImageIsBuildahsOfTheSameKindOfStorage(String ours, String theirs, boolean layers)
      throws IOException, InterruptedException {
    // given
    Tool.needRoot();
    Tool.need("buildah", "skopeo", "umoci", "busybox");
    var base = Roots.busybox(folder);
    Files.createDirectories(folder.resolve("context"));
    Files.writeString(folder.resolve("context/Dockerfile"), DOCKERFILE);

    // when
    var ran =
        new BirgusProcess(folder.resolve("state"), folder)
            .run(
                "build",
                "-c",
                "context",
                "--build-context",
                "base=" + base,
                "--storage=" + ours,
                "--no-push",
                "--oci-layout-path",
                "ours");
    assertThat(ran.exitCode()).as(ran.all()).isZero();
    Tool.sh(
        folder,
        """
        skopeo copy -q oci:ours oci:images:ours
        buildah() { command buildah --storage-driver %s --root peer/root --runroot peer/run "$@"; }
        mkdir first; cp '%s' first/base.tar; printf 'FROM scratch\\nADD base.tar /\\n' >first/Dockerfile
        buildah bud --isolation chroot -q -t localhost/base first
        sed 's,^FROM base,FROM localhost/base,' context/Dockerfile >Dockerfile.peer
        buildah bud --isolation chroot --layers=%s -q -f Dockerfile.peer -t theirs context
        buildah push -q localhost/theirs oci:$PWD/images:theirs
        buildah rmi -a -f >/dev/null; rm -rf peer
        umoci unpack --image images:ours o; umoci unpack --image images:theirs t
        """
            .formatted(theirs, base, layers));

    // then
    var made = Tool.sh(folder, LIST.formatted("o"));
    assertThat(made).contains("w-1 ", "o-2 ", "seen ");
    assertThat(made).isEqualTo(Tool.sh(folder, LIST.formatted("t")));
  }
}
