package dev.birgus.executor.run;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.birgus.infra.testkit.Need;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Makes small roots with busybox in them. */
public final class BusyboxRoot {

  private static final Path BUSYBOX = Path.of("/bin/busybox");
  private static final List<String> COMMANDS =
      List.of(
          "sh",
          "ls",
          "cat",
          "id",
          "env",
          "sleep",
          "pwd",
          "hostname",
          "ps",
          "kill",
          "seq",
          "dd",
          "rm",
          "mkdir",
          "touch",
          "chmod",
          "setsid",
          "mount",
          "grep",
          "test",
          "head",
          "true",
          "ln",
          "od",
          "tr",
          "mknod");

  private BusyboxRoot() {}

  /** Skips the test where it cannot be run. */
  public static void assume() {
    assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
    Need.installed(Files.isExecutable(BUSYBOX), "busybox-static");
    Need.installed(Files.isExecutable(Path.of("/usr/bin/unshare")), "util-linux");
  }

  /** Puts busybox, its links and a few users into a directory. */
  public static Path make(Path root) throws IOException {
    var bin = Files.createDirectories(root.resolve("bin"));
    Files.copy(BUSYBOX, bin.resolve("busybox"));
    for (var command : COMMANDS) {
      Files.createSymbolicLink(bin.resolve(command), Path.of("busybox"));
    }
    var etc = Files.createDirectories(root.resolve("etc"));
    Files.writeString(
        etc.resolve("passwd"),
        """
        root:x:0:0:root:/root:/bin/sh
        crab:x:1000:1001:A crab:/home/crab:/bin/sh
        broken line
        homeless:x:1002:1002::none:/bin/sh
        """);
    Files.writeString(
        etc.resolve("group"),
        """
        root:x:0:
        crab:x:1001:
        beach:x:2000:homeless,crab
        palms:x:2001:crab
        """);
    Files.createDirectories(root.resolve("tmp"));
    Files.createDirectories(root.resolve("work"));
    return root;
  }
}
