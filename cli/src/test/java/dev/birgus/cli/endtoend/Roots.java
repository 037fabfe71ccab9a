package dev.birgus.cli.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Root file systems to build on, as tars. */
public final class Roots {

  private Roots() {}

  /** A small root with busybox in it: a shell, the usual tools, two users. */
  public static Path busybox(Path folder) throws IOException, InterruptedException {
    Tool.need("busybox", "tar");
    var root = Files.createDirectories(folder.resolve("busybox-root"));
    Tool.sh(
        root,
        """
        mkdir -p bin etc root home/app tmp usr/bin
        chmod 1777 tmp
        cp "$(command -v busybox)" bin/busybox
        for applet in $(bin/busybox --list); do
          [ "$applet" = busybox ] || ln -s busybox "bin/$applet"
        done
        printf 'root:x:0:0:root:/root:/bin/sh\\napp:x:1234:2345::/home/app:/bin/sh\\n' > etc/passwd
        printf 'root:x:0:\\napp:x:2345:\\nextra:x:3456:app\\n' > etc/group
        """);
    var tar = folder.resolve("busybox.tar");
    Tool.sh(root, "tar --numeric-owner --owner=0 --group=0 -cf '" + tar + "' .");
    return tar;
  }

  /** A Debian root with apt, made by mmdebstrap. */
  public static Path debian(Path folder) throws IOException, InterruptedException {
    Tool.need("mmdebstrap");
    var tar = folder.resolve("debian.tar");
    Tool.sh(folder, "mmdebstrap -q --variant=minbase bookworm '" + tar + "'");
    return tar;
  }
}
