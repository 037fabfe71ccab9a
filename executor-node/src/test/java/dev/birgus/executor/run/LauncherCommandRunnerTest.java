package dev.birgus.executor.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.run.CommandRunner.Invocation;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Isolation;
import dev.birgus.infra.contracts.Isolation.Network;
import dev.birgus.infra.contracts.Isolation.Security;
import dev.birgus.infra.contracts.StepLimits;
import dev.birgus.infra.testkit.Need;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of a runner, and what each rung has beyond it. */
class LauncherCommandRunnerTest {

  @TempDir Path folder = Path.of("");
  private Path root = Path.of("");
  private Launcher launcher = new Launcher(Path.of(""));

  @BeforeEach
  void makeRoot() throws IOException {
    BusyboxRoot.assume();
    var installed = Launcher.install(folder.resolve("programs"));
    Need.installed(installed.isPresent(), "a C compiler with a static C library");
    launcher = installed.orElseThrow();
    root = BusyboxRoot.make(folder.resolve("stage").resolve("ro\u00f6t, with: odd 'name'"));
  }

  private CommandRunner on(Rung rung, Duration grace) {
    return new LauncherCommandRunner(
        LinuxFileSystem::open,
        launcher,
        rung,
        new NamespaceCommandRunner.Settings("island", grace));
  }

  abstract class OnRung implements CommandRunnerContract {

    private final Rung rung;

    OnRung(Rung rung) {
      this.rung = rung;
    }

    @Override
    public CommandRunner runner(Duration grace) {
      return on(rung, grace);
    }

    @Override
    public Path root() {
      return root;
    }

    @Test
    void whenThisProcessIsKilledTheCommandAndItsDaemonsDie() throws Exception {
      var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      var process =
          new ProcessBuilder(
                  java,
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty("java.class.path"),
                  RunningNode.class.getName(),
                  root.toString(),
                  launcher.program().toString(),
                  rung.label())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try (var output = process.inputReader()) {
        assertThat(output.readLine()).isEqualTo("ready");
      }
      var sleeping = CommandRunnerContract.running("sleep 4713");
      assertThat(sleeping).isNotEmpty();

      process.destroyForcibly().waitFor();

      for (var each : sleeping) {
        each.onExit().get(1, TimeUnit.MINUTES);
      }
    }

    Invocation isolated(String text, Isolation isolation) {
      return new Invocation(
          root, List.of("sh", "-c", text), PATH, "/", 0, 0, List.of(), List.of(), isolation);
    }
  }

  abstract class OnMountingRung extends OnRung {

    OnMountingRung(Rung rung) {
      super(rung);
    }

    @Test
    void procDevAndNameAreItsOwn() throws Exception {
      var ran =
          run(
              """
              hostname
              test -e /dev/ptmx && test -c /dev/pts/ptmx && echo devices
              echo to stdout >/dev/stdout; ls /dev/fd/ | grep -c 0
              touch /sys/x; echo x >/proc/sys/kernel/hostname
              cat /etc/hosts | grep island
              """);

      assertThat(ran.out()).startsWith("island\n").contains("devices\n", "to stdout\n", "island\n");
      assertThat(ran.err()).contains("/sys/x: Read-only", "/proc/sys/kernel/hostname: Read-only");
    }

    @Test
    void whatTellsOfTheNodeIsHiddenOrReadOnly() throws Exception {
      assertThat(run("cat /proc/keys /proc/kcore /proc/timer_list /proc/interrupts").out())
          .isEmpty();
      assertThat(
              run("ls -A /sys/firmware /proc/acpi /proc/scsi 2>/dev/null | grep -v :")
                  .out()
                  .strip())
          .isEmpty();
      assertThat(run("echo h >/proc/sysrq-trigger").exitCode()).isNotZero();
      assertThat(run("echo 1 >/proc/sys/vm/drop_caches").exitCode()).isNotZero();
      assertThat(run("mkdir /sys/made").exitCode()).isNotZero();
    }

    @Test
    void mountsAreMadeInTheirOrder() throws Exception {
      var source = Files.createDirectories(folder.resolve("source"));
      Files.writeString(source.resolve("file"), "bound");
      var ran =
          run(
              mounted(
                  "cat /in/file /run/secret/s; echo >/in/x; echo >/mem/y && ls /mem;"
                      + " ls -l /run/secret/s; /dev/pipes/p; echo >/ro/z",
                  new Mount.Bound("/in", source, true, false),
                  new Mount.Memory("/mem", OptionalLong.of(1 << 20), true),
                  new Mount.Memory("/ro", OptionalLong.empty(), false),
                  new Mount.Content("/run/secret/s", bytes("geheim"), 0440, 7, 8, false),
                  new Mount.Content(
                      "/dev/pipes/p", bytes("#!/bin/sh\necho script"), 0755, 0, 0, true)));

      assertThat(ran.out())
          .startsWith("boundgeheimy\n")
          .contains("-r--r-----", " 7 ", " 8 ")
          .endsWith("script\n");
      assertThat(ran.err()).contains("/in/x: Read-only", "/ro/z: Read-only");
      assertThat(CommandRunnerContract.names(root))
          .containsExactlyInAnyOrder("bin", "etc", "tmp", "work");
    }

    @Test
    void aNetworkOfItsOwnHasNothingButLoopback() throws Exception {
      var ran =
          run(
              isolated(
                  "cat /proc/net/dev | grep -c :; cat /proc/net/dev | grep lo:",
                  new Isolation(Network.NONE, Security.SANDBOX)));

      assertThat(ran.out()).startsWith("1\n").contains("lo:");
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Nested
  class Namespaces extends OnMountingRung {
    Namespaces() {
      super(Rung.NS);
    }

    @Test
    void aDeviceACommandMakesCannotBeUsed() throws Exception {
      var made = run("mknod /disk c 1 3 && echo made && cat /disk && echo open");

      assertThat(made.out()).isEqualTo("made\n");
      assertThat(made.exitCode()).isNotZero();
    }

    @Test
    void processesOfTheNodeAreNotSeen() throws Exception {
      assertThat(run("echo $$; ps | grep -c .").out()).isEqualTo("2\n5\n");
    }

    @Test
    void anInsecureCommandMayMount() throws Exception {
      var ran =
          run(
              isolated(
                  "mount -t tmpfs x /tmp && echo mounted",
                  new Isolation(Network.DEFAULT, Security.INSECURE)));

      assertThat(ran.out()).isEqualTo("mounted\n");
    }

    @Test
    void memoryIsLimited() throws Exception {
      var limits =
          new StepLimits(OptionalLong.of(16 << 20), OptionalLong.empty(), Optional.empty());

      var ran = run(limited("x=$(head -c 60000000 /dev/zero | tr '\\0' x); echo no", limits));

      assertThat(ran.exitCode()).isNotZero();
      assertThat(ran.err()).contains("--step-memory allows, 16777216 bytes");
    }

    @Test
    void groupsOfKilledNodesAreRemoved() throws Exception {
      var parent = Cgroups.ofThisProcess().parentFor("pids");
      var left = Files.createDirectory(parent.resolve("birgus-step-999999999-1"));
      var limits = new StepLimits(OptionalLong.empty(), OptionalLong.of(10), Optional.empty());

      run(limited("true", limits));

      try (var groups = Files.list(parent)) {
        assertThat(groups).doesNotContain(left);
      }
      assertThat(left).doesNotExist();
    }

    @Test
    void processesAreLimited() throws Exception {
      var limits = new StepLimits(OptionalLong.empty(), OptionalLong.of(10), Optional.empty());

      var ran =
          run(limited("for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 60 & done; exit 3", limits));

      assertThat(ran.exitCode()).isNotZero();
      assertThat(ran.err()).contains("--step-pids allows 10 at a time");
    }
  }

  @Nested
  class UserNamespace extends OnMountingRung {
    UserNamespace() {
      super(Rung.USERNS);
    }

    @Test
    void theNodesMemoryAndFilesAreOutOfReach() throws Exception {
      var node = "/proc/" + ProcessHandle.current().pid();

      var ran = run("ls N/root/; cat N/environ; cat N/maps".replace("N", node));

      assertThat(ran.out()).isEmpty();
      assertThat(ran.exitCode()).isNotZero();
    }

    @Test
    void aCommandThatWantsPrivilegesIsRefused() {
      assertRefused(
          isolated("true", new Isolation(Network.DEFAULT, Security.INSECURE)),
          "RUN --security=insecure cannot be done with isolation userns");
    }

    void assertRefused(Invocation invocation, String message) {
      assertThatThrownBy(() -> run(invocation))
          .isInstanceOf(FailureException.class)
          .hasMessageContaining(message);
    }
  }

  abstract class OnChroot extends OnRung {
    OnChroot(Rung rung) {
      super(rung);
    }

    @Test
    void whatNeedsAMountIsRefused() {
      for (var invocation :
          List.of(
              mounted("true", new Mount.Memory("/mem", OptionalLong.empty(), true)),
              mounted("true", new Mount.Content("/s", bytes("x"), 0400, 0, 0, false)),
              isolated("true", new Isolation(Network.NONE, Security.SANDBOX)))) {
        assertThatThrownBy(() -> run(invocation))
            .isInstanceOf(FailureException.class)
            .hasMessageContaining("cannot be done with isolation chroot");
      }
    }

    @Test
    void aScriptOfTheDockerfileIsAFileWhileItRuns() throws Exception {
      var ran =
          run(
              mounted(
                  "/dev/pipes/p",
                  new Mount.Content(
                      "/dev/pipes/p", bytes("#!/bin/sh\necho script"), 0755, 0, 0, true)));

      assertThat(ran.out()).isEqualTo("script\n");
      assertThat(CommandRunnerContract.names(root))
          .containsExactlyInAnyOrder("bin", "etc", "tmp", "work");
    }
  }

  @Nested
  class ChrootOnly extends OnChroot {
    ChrootOnly() {
      super(Rung.CHROOT);
    }
  }

  @Nested
  class ChrootWithAnswers extends OnChroot {
    ChrootWithAnswers() {
      super(Rung.CHROOT_NOTIFY);
    }

    @Test
    void processesThatAreNotTheCommandsAreNotThere() throws Exception {
      var node = "/proc/" + ProcessHandle.current().pid();

      var ran =
          run(
              """
              for it in N/environ N/root/bin N/cwd N/fd N/maps N/task/PID/environ /proc/1/root \
                /proc/1/root/ /proc/1/root/etc /proc/self/../PID/environ /proc//./PID/environ \
                /proc/$PPID/environ /proc/self/task/../../PID/status; do
                cat $it; ls -d $it; readlink $it; test -e $it && echo $it
              done
              """
                  .replace("PID", node.substring(6))
                  .replace("N/", node + "/"));

      assertThat(ran.out()).isEmpty();
    }

    @Test
    void processesOfTheCommandAreThereAlsoWithoutTheirParent() throws Exception {
      var ran =
          run(
              """
              role() { until grep -o "ROLE=[a-z]*" /proc/$1/environ; do sleep 0.1; done; }
              ROLE=child sleep 60 & role $!
              (ROLE=orphan sleep 60 & echo $! >/tmp/orphan)
              role $(cat /tmp/orphan)
              ls -d /proc/$$/root/bin
              """);

      assertThat(ran.out()).matches("ROLE=child\nROLE=orphan\n/proc/\\d+/root/bin\n");
    }

    @Test
    void anotherUserDoesNotSeeIntoProcessesOfRoot() throws Exception {
      var ran =
          run(
              """
              echo x:x:1000:1000::/:/bin/sh >>/etc/passwd
              sleep 60 &
              until cat /proc/$!/environ >/tmp/seen; do sleep 0.1; done
              busybox su x -c "id -u; cat /proc/$!/environ; ls /proc/$!/root/"
              """);

      assertThat(ran.out()).isEqualTo("1000\n");
      assertThat(ran.err()).contains("/environ", "/root/");
    }

    @Test
    void procIsAnswered() throws Exception {
      var ran =
          run(
              """
              cat /proc/self/status | grep Name
              ls -l /proc/self/exe
              test -e /proc/self/fd/0 && test -r /proc/$$/status && test -d /proc/self/task && echo is
              test -d /proc && test -d /sys/kernel && ls /proc | grep -c self
              echo to stdout >/dev/stdout; echo to stderr >/dev/stderr; ls -l /dev/fd/ | grep -c pipe
              cat /proc//self/../self/./comm; cd /tmp; cat ../proc/self/comm; ps | grep -c .
              """);

      assertThat(ran.out())
          .startsWith("Name:\tcat\n")
          .contains("/proc/self/exe -> /bin/busybox\n", "\nis\n", "\nto stdout\n2\ncat\n");
      assertThat(ran.err()).contains("to stderr\n");
    }

    @Test
    void programsAreToldThatProcIsMountedAndWhereControlGroupsAre() throws Exception {
      var mounts = run("cat /proc/mounts").out().lines().toList();
      var information = run("cat /proc/self/mountinfo").out().lines().toList();

      assertThat(mounts.getFirst()).contains(" / ");
      assertThat(mounts).anyMatch(line -> line.contains(" /proc proc "));
      assertThat(information).anyMatch(line -> line.contains(" /proc rw"));
    }

    @Test
    void aNamelessUserSeesItsOwnAndNotOthers() throws Exception {
      var ran =
          run(
              new Invocation(
                  root,
                  List.of(
                      "sh",
                      "-c",
                      "ls /proc/self/fd >/dev/null && echo own; cat /proc/1/environ; cat /proc/kmsg; echo x"
                          + " >/dev/stdout"),
                  PATH,
                  "/",
                  1234,
                  1234,
                  List.of(),
                  List.of(),
                  Isolation.DEFAULT));

      assertThat(ran.out()).isEqualTo("own\nx\n");
      assertThat(ran.err()).contains("/proc/1/environ", "/proc/kmsg");
    }

    @Test
    void theNodeIsNotChangedThroughProc() throws Exception {
      assertThat(run("echo 1 >/proc/sys/vm/drop_caches").err()).contains("Read-only");
      assertThat(run("echo x >/sys/kernel/uevent_helper").exitCode()).isNotZero();
      assertThat(run("cat /proc/kcore /proc/keys /proc/sched_debug").out()).isEmpty();
    }
  }
}
