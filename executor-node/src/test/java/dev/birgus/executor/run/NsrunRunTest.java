package dev.birgus.executor.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.testkit.Need;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher by itself: where it may not mount, and with odd input. */
class NsrunRunTest {

  @TempDir Path folder = Path.of("");
  private String nsrun = "";

  private record Ran(int exitCode, String out) {}

  @BeforeEach
  void install() throws IOException {
    BusyboxRoot.assume();
    Need.installed(Files.isExecutable(Path.of("/usr/bin/setpriv")), "util-linux");
    var launcher = Launcher.install(folder.resolve("programs"));
    Need.installed(launcher.isPresent(), "a C compiler with a static C library");
    nsrun = launcher.orElseThrow().program().toString();
  }

  private static Ran run(byte[] input, List<String> command)
      throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var stdin = process.getOutputStream()) {
      stdin.write(input);
    } catch (IOException gone) {
      // It does not read what it does not need.
    }
    var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(process.waitFor(), out);
  }

  @Test
  void aCommandRunsInAUserNamespaceOfOneWhoMayNotMount() throws Exception {
    var root = BusyboxRoot.make(folder.resolve("root"));
    for (var place : List.of("proc", "sys", "dev")) {
      Files.createDirectory(root.resolve(place));
    }
    var frame =
        new LaunchFrame()
            .text('m', Rung.USERNS.label())
            .text('r', root.toString())
            .text('w', "/")
            .text('h', "island")
            .text('P', "/proc")
            .text('S', "/sys")
            .text('D', "/dev")
            .text('a', "/bin/sh")
            .text('a', "-c")
            .text('a', "hostname; cat /proc/self/uid_map; exit 5")
            .text('e', "PATH=/bin")
            .finish();

    var ran = run(frame, List.of("/usr/bin/setpriv", "--bounding-set", "-sys_admin", nsrun, "run"));

    assertThat(ran.exitCode()).as(ran.out()).isEqualTo(5);
    assertThat(ran.out()).startsWith(LaunchScript.READY + "island\n").contains(" 0 ");
  }

  @Test
  void aSpecificationThatIsNoneIsRefused() throws Exception {
    var whole =
        new LaunchFrame()
            .text('m', "ns")
            .text('r', folder.toString())
            .text('w', "/")
            .text('a', "/nosuch")
            .finish();
    for (var length = 0; length < whole.length; length++) {
      var cut = Arrays.copyOf(whole, length);
      var ran = run(cut, List.of(nsrun, "run"));
      assertThat(ran.exitCode()).isEqualTo(LaunchScript.NOT_PREPARED);
      assertThat(ran.out()).contains("cut off");
    }
    var odd = new LaunchFrame().text('?', "x").finish();
    assertThat(run(odd, List.of(nsrun, "run")).out()).contains("no such field");
    var mode = new LaunchFrame().text('m', "best").finish();
    assertThat(run(mode, List.of(nsrun, "run")).out()).contains("no such mode: best");
  }
}
