package dev.birgus.cli.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.cli.endtoend.Roots;
import dev.birgus.cli.endtoend.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands in the container's own root, which here is a folder with nothing but birgus in it: other
 * mounts and processes, another root, and no capability to mount.
 */
class InplaceTest {

  private static final String DOCKERFILE =
      """
      FROM busybox AS one
      RUN mkdir /made && echo one > /made/file && rm /etc/group
      USER app
      RUN id -u > /tmp/who && (setsid sleep 1000 >/dev/null 2>&1 &)
      USER root
      RUN echo two > /made/two
      FROM tools
      COPY --from=one /made /tmp/who /from-one/
      COPY hello /hello
      RUN cat /hello /from-one/who > /both && rm /usr/bin/grep && ls -l /proc/self/exe
      RUN ["bash", "-c", "cat <(echo here) > /last"]
      """;

  /** Starts another root, whose own mounts go with the process; nothing runs if one part fails. */
  private static final String ENTER =
      """
      [ -x "$PWD/root/kaniko/executor" ]
      env -i HOME=/root PATH=/usr/bin:/bin $SAID \\
        unshare --mount --pid --fork --kill-child bash -ec '
          mount --bind root root; mount -t proc proc root/proc
          exec setpriv --bounding-set -sys_admin /usr/sbin/chroot "$0/root" /kaniko/executor \\
            --context=dir:///workspace --build-context=busybox=/workspace/busybox.tar \\
            --build-context=tools=/workspace/tools.tar --state-dir=/kaniko/state \\
            --no-push --tar-path=/out/image.tar --reproducible --isolation=inplace' "$PWD" 2>&1 ||
        echo "exit code $?"
      """;

  @TempDir Path folder = Path.of("");

  @BeforeEach
  void tools() {
    Tool.needRoot();
    Tool.need("patchelf", "gcc", "unshare", "setpriv", "chroot", "busybox", "tar");
  }

  private void prepare() throws IOException, InterruptedException {
    var jars = Files.createDirectory(folder.resolve("jars"));
    Installation.jars(jars);
    var script = Path.of("../infra/deploy/home.sh").toAbsolutePath().normalize();
    Tool.sh(
        folder,
        """
        mkdir -p root/proc root/sys root/dev root/etc root/workspace root/out root/old
        mknod -m 666 root/dev/null c 1 3; mknod -m 666 root/dev/zero c 1 5
        mknod -m 666 root/dev/random c 1 8; mknod -m 666 root/dev/urandom c 1 9
        for link in fd:fd stdin:fd/0 stdout:fd/1 stderr:fd/2; do
          ln -s "/proc/self/${link#*:}" "root/dev/${link%%:*}"
        done
        echo box > root/etc/hostname; echo '127.0.0.1 localhost' > root/etc/hosts
        echo kept > root/workspace/hello; echo old > root/old/file
        """
            + "BIRGUS_JARS='"
            + jars
            + "' JAVA_HOME='"
            + System.getProperty("java.home")
            + "' sh '"
            + script
            + "' \"$PWD/root/kaniko\"");
    var workspace = folder.resolve("root/workspace");
    Files.move(Roots.busybox(folder), workspace.resolve("busybox.tar"));
    Files.move(ToolsRoot.in(folder.resolve("tools")), workspace.resolve("tools.tar"));
    Files.writeString(workspace.resolve("Dockerfile"), DOCKERFILE);
  }

  private String layers(String archive) throws IOException, InterruptedException {
    return Tool.sh(folder, "tar -xOf '" + archive + "' manifest.json");
  }

  @Test
  void stagesOfDifferentLibrariesHaveTheRootOneAfterAnother() throws Exception {
    prepare();

    // when nobody has given the root up
    assertThat(Tool.sh(folder, "SAID=; " + ENTER))
        .contains("BIRGUS_EXPENDABLE_ROOT=yes or --force")
        .contains("exit code 1");
    assertThat(folder.resolve("root/old/file")).hasContent("old");

    // when somebody has
    var printed = Tool.sh(folder, "SAID=BIRGUS_EXPENDABLE_ROOT=yes; " + ENTER);

    // then
    assertThat(printed).doesNotContain("exit code");
    assertThat(folder.resolve("root/old")).doesNotExist();
    assertThat(folder.resolve("root/both")).hasContent("kept\n1234\n");
    assertThat(folder.resolve("root/workspace/hello")).hasContent("kept\n");
    assertThat(folder.resolve("root/etc/hostname")).hasContent("box\n");
    var installed = Installation.in(Files.createDirectory(folder.resolve("installed")));
    Tool.sh(
        folder,
        "'"
            + installed
            + "' --storage=tree --state-dir=state --context=dir://$PWD/root/workspace"
            + " --build-context=busybox=root/workspace/busybox.tar --reproducible --no-push"
            + " --build-context=tools=root/workspace/tools.tar --tar-path=other.tar");
    assertThat(layers("root/out/image.tar")).isEqualTo(layers("other.tar"));
  }
}
