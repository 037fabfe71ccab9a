package dev.birgus.executor.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.testkit.Need;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract on the rung that keeps a command apart from nothing. The launcher is started in
 * another root that has devices and /proc, as a container has, so that this rung's root is not
 * ours.
 */
class InplaceCommandRunnerTest implements CommandRunnerContract {

  private static final String CONTAINERS = "in place, this is what the container brings along";

  @TempDir Path folder = Path.of("");
  private Path root = Path.of("");
  private Launcher inside = new Launcher(Path.of(""));

  @BeforeEach
  void makeContainer() throws IOException, InterruptedException {
    BusyboxRoot.assume();
    var installed = Launcher.install(folder.resolve("programs"));
    Need.installed(installed.isPresent(), "a C compiler with a static C library");
    root = BusyboxRoot.make(folder.resolve("stage").resolve("root"));
    Files.copy(installed.orElseThrow().program(), root.resolve("bin/nsrun"));
    Files.createDirectories(root.resolve("dev/shm"));
    Files.createDirectory(root.resolve("proc"));
    for (var device : List.of("null 1 3", "zero 1 5", "full 1 7", "random 1 8", "urandom 1 9")) {
      make(device);
    }
    make("tty 5 0");
    var start = folder.resolve("start");
    Files.writeString(
        start,
        """
        #!/bin/sh
        exec /usr/bin/unshare --mount --propagation private /bin/sh -c '
          /usr/bin/mount -t proc proc "$0/proc" && exec /usr/sbin/chroot "$0" /bin/nsrun "$@"
        ' '%s' "$@"
        """
            .formatted(root));
    Files.setPosixFilePermissions(start, PosixFilePermissions.fromString("rwx------"));
    inside = new Launcher(start);
  }

  private void make(String device) throws IOException, InterruptedException {
    var words = device.split(" ");
    var made =
        new ProcessBuilder(
                "/usr/bin/mknod",
                "-m",
                "666",
                root.resolve("dev").resolve(words[0]).toString(),
                "c",
                words[1],
                words[2])
            .inheritIO()
            .start();
    assertThat(made.waitFor()).isZero();
  }

  @AfterEach
  void nothingRunsOn() {
    assertThat(CommandRunnerContract.running(root.toString())).isEmpty();
  }

  @Override
  public CommandRunner runner(Duration grace) {
    var inPlace =
        new LauncherCommandRunner(
            _ -> LinuxFileSystem.open(root),
            inside,
            Rung.INPLACE,
            new NamespaceCommandRunner.Settings("island", grace));
    return (asked, output) -> inPlace.run(seenFromInside(asked), output);
  }

  /** There is no root but this one. */
  private static CommandRunner.Invocation seenFromInside(CommandRunner.Invocation asked) {
    return new CommandRunner.Invocation(
        Path.of("/"),
        asked.command(),
        asked.environment(),
        asked.workingDirectory(),
        asked.uid(),
        asked.gid(),
        asked.groups(),
        asked.mounts(),
        asked.isolation(),
        asked.limits());
  }

  @Override
  public Path root() {
    return root;
  }

  @Test
  @Override
  public void nothingIsLeftInTheRootOrOnTheNode() {
    abort(CONTAINERS);
  }

  @Test
  @Override
  public void whatTheImageHasInTheWayIsThereAgain() {
    abort(CONTAINERS);
  }

  @Test
  @Override
  public void linksOfTheRootLeadNowhereElse() {
    abort(CONTAINERS);
  }

  @Test
  @Override
  public void whenTheLauncherIsKilledNothingOfTheCommandIsLeft() {
    abort("in place, what a killed launcher leaves cannot be told from what was there before");
  }

  @Test
  void whatNeedsAMountIsRefused() {
    var mounted = mounted("true", new Mount.Memory("/mem", OptionalLong.empty(), true));

    assertThatThrownBy(() -> run(mounted))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("cannot be done with isolation inplace");
  }

  @Test
  void aCommandHasTheRootItself() throws Exception {
    var ran = run("echo made >/made; ls /bin/nsrun");

    assertThat(ran.out()).isEqualTo("/bin/nsrun\n");
    assertThat(root.resolve("made")).hasContent("made");
  }

  @Test
  @Timeout(60)
  void whatACommandLeavesIsEndedThoughNobodyCanSeeProcesses() throws Exception {
    var ran = run("busybox umount /proc && ls /proc; busybox sleep 1000 >/dev/null 2>&1 &");

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out()).isEmpty();
  }
}
