package dev.birgus.executor.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.run.CommandRunner.Invocation;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Isolation;
import dev.birgus.infra.contracts.StepLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamespaceCommandRunnerTest {

  private static final Map<String, String> PATH = Map.of("PATH", "/bin");

  @TempDir Path folder = Path.of("");
  private Path root = Path.of("");
  private final NamespaceCommandRunner runner =
      new NamespaceCommandRunner(
          LinuxFileSystem::open, new NamespaceCommandRunner.Settings("island", Duration.ZERO));

  /** What a command printed and came to. */
  private record Ran(int exitCode, String out, String err) {}

  @BeforeEach
  void makeRoot() throws IOException {
    BusyboxRoot.assume();
    root = BusyboxRoot.make(folder.resolve("ro\u00f6t, with: odd 'name'"));
  }

  private Invocation shell(String text) {
    return new Invocation(
        root, List.of("sh", "-c", text), PATH, "/", 0, 0, List.of(), List.of(), Isolation.DEFAULT);
  }

  private Ran run(Invocation invocation) throws IOException, InterruptedException {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var exitCode = runner.run(invocation, (error, bytes) -> (error ? err : out).writeBytes(bytes));
    return new Ran(exitCode, out.toString(UTF_8), err.toString(UTF_8));
  }

  private Ran run(String text) throws IOException, InterruptedException {
    return run(shell(text));
  }

  @Test
  void theExitCodeIsTheCommands() throws Exception {
    assertThat(run("exit 0").exitCode()).isZero();
    assertThat(run("exit 42").exitCode()).isEqualTo(42);
    assertThat(run("kill -9 $$").exitCode()).isEqualTo(137);
    assertThat(run("kill -15 $$").exitCode()).isEqualTo(143);
    assertThat(run("nosuchprogram").exitCode()).isEqualTo(127);
    assertThat(run("exit 125").exitCode()).isEqualTo(125);
  }

  @Test
  void aProgramThatIsMissingOrNotExecutableHasItsOwnCode() throws Exception {
    Files.writeString(root.resolve("bin/data"), "no program");

    var missing =
        run(
            new Invocation(
                root,
                List.of("/nosuch"),
                PATH,
                "/",
                0,
                0,
                List.of(),
                List.of(),
                Isolation.DEFAULT));
    var data =
        run(
            new Invocation(
                root, List.of("data"), PATH, "/", 0, 0, List.of(), List.of(), Isolation.DEFAULT));

    assertThat(missing.exitCode()).isEqualTo(127);
    assertThat(missing.err()).contains("/nosuch");
    assertThat(data.exitCode()).isEqualTo(126);
  }

  @Test
  void aDeviceACommandMakesCannotBeUsed() throws Exception {
    var made = run("mknod /disk c 1 3 && echo made && cat /disk && echo open");
    var usual = run("echo x >/dev/null && head -c 1 /dev/zero | wc -c");

    assertThat(made.out()).isEqualTo("made\n");
    assertThat(made.exitCode()).isNotZero();
    assertThat(usual.out().strip()).isEqualTo("1");
  }

  @Test
  void whatTellsOfTheNodeIsHiddenOrReadOnly() throws Exception {
    assertThat(run("cat /proc/keys /proc/kcore /proc/timer_list /proc/interrupts").out()).isEmpty();
    assertThat(
            run("ls -A /sys/firmware /proc/acpi /proc/scsi 2>/dev/null | grep -v :").out().strip())
        .isEmpty();
    assertThat(run("echo h >/proc/sysrq-trigger").exitCode()).isNotZero();
    assertThat(run("echo 1 >/proc/sys/vm/drop_caches").exitCode()).isNotZero();
    assertThat(run("mkdir /sys/made").exitCode()).isNotZero();
  }

  @Test
  void argumentsAndEnvironmentArriveUnchanged() throws Exception {
    var environment = new LinkedHashMap<>(PATH);
    environment.put("QUOTES", "it's \"quoted\" \\ and $HOME `x` ${E0} %s");
    environment.put("LINES", "one\ntwo\n\nend\n");
    environment.put("UMLAUT", "\u00e4\u20ac\ud83e\udd80");
    environment.put("odd.name-1", "dots");
    environment.put("EMPTY", "");
    var command =
        List.of("env", "-0", "sh", "-c", "x", "", "a b", "it's \"\\ $HOME\n\u00e4", "-x", "");

    var printed =
        run(
            new Invocation(
                root,
                List.of("env", "-0"),
                environment,
                "/",
                0,
                0,
                List.of(),
                List.of(),
                Isolation.DEFAULT));
    var arguments = new ArrayList<>(List.of("sh", "-c", "for a; do printf '%s|' \"$a\"; done"));
    arguments.addAll(command);
    var echoed =
        run(
            new Invocation(
                root, arguments, PATH, "/", 0, 0, List.of(), List.of(), Isolation.DEFAULT));

    assertThat(printed.out().split("\0"))
        .containsExactlyInAnyOrderElementsOf(
            environment.entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .toList());
    assertThat(echoed.out())
        .isEqualTo(command.stream().skip(1).collect(Collectors.joining("|", "", "|")));
  }

  @Test
  void linkerVariablesReachTheCommandButNotTheNodesPrograms() throws Exception {
    var environment = Map.of("PATH", "/bin", "LD_PRELOAD", "/nosuch.so", "LD_LIBRARY_PATH", "/x y");

    var ran =
        run(
            new Invocation(
                root,
                List.of("env"),
                environment,
                "/",
                0,
                0,
                List.of(),
                List.of(),
                Isolation.DEFAULT));

    assertThat(ran.err()).isEmpty();
    assertThat(ran.out()).contains("LD_PRELOAD=/nosuch.so\n", "LD_LIBRARY_PATH=/x y\n");
  }

  @Test
  void userGroupsAndDirectoryAreAsAsked() throws Exception {
    var ran =
        run(
            new Invocation(
                root,
                List.of("sh", "-c", "id -u; id -g; id -G; pwd; umask"),
                PATH,
                "/work",
                1234,
                77,
                List.of(5L, 6L),
                List.of(),
                Isolation.DEFAULT));

    assertThat(ran.out()).isEqualTo("1234\n77\n77 5 6\n/work\n0022\n");
  }

  @Test
  void procDevAndNameAreItsOwn() throws Exception {
    var ran =
        run(
            """
            hostname
            ps | grep -c sleep
            echo x >/dev/null && head -c 3 /dev/zero | od -c
            head -c 8 /dev/urandom >/dev/null && head -c 8 /dev/random >/dev/null
            echo full >/dev/full
            test -c /dev/tty && test -e /dev/ptmx && test -d /dev/shm && echo devices
            cat /dev/stdin; echo to stdout >/dev/stdout; ls /dev/fd/ | grep -c 0
            touch /sys/x; echo x >/proc/sys/kernel/hostname
            cat /etc/hosts | grep island
            """);

    assertThat(ran.out()).startsWith("island\n").contains("devices\n", "to stdout\n", "island\n");
    assertThat(ran.err())
        .contains("No space left", "/sys/x: Read-only", "/proc/sys/kernel/hostname: Read-only");
  }

  @Test
  void mountingIsNotAllowed() throws Exception {
    assertThat(run("mount -t tmpfs x /tmp").exitCode()).isNotZero();
  }

  @Test
  void nothingIsLeftInTheRootOrOnTheNode() throws Exception {
    Files.delete(root.resolve("etc/group"));
    var before = Files.getLastModifiedTime(root.resolve("etc"));

    run("echo changed >/etc/resolv.conf; echo more >>/etc/hosts; touch /dev/new");

    assertThat(names(root)).containsExactlyInAnyOrder("bin", "etc", "tmp", "work");
    assertThat(names(root.resolve("etc"))).containsExactly("passwd");
    assertThat(Files.getLastModifiedTime(root.resolve("etc"))).isEqualTo(before);
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(folder.toString());
  }

  @Test
  void linksOfTheRootDoNotLeadMountsOutOfIt() throws Exception {
    Files.createDirectories(root.resolve("run"));
    Files.createSymbolicLink(root.resolve("etc/resolv.conf"), Path.of("../../../run/resolver"));
    Files.createSymbolicLink(root.resolve("sys"), Path.of("/work/sys"));

    var ran = run("cat /run/resolver; ls /work/sys | grep kernel");

    assertThat(ran.out())
        .endsWith("kernel\n")
        .startsWith(Files.readString(Path.of("/etc/resolv.conf")));
    assertThat(names(root.resolve("run"))).isEmpty();
    assertThat(names(root.resolve("work"))).isEmpty();
  }

  @Test
  void aDaemonLeftBehindIsDead() throws Exception {
    var ran = run("setsid sleep 4711 >/dev/null 2>&1 & setsid sleep 4711 & exit 3");

    assertThat(ran.exitCode()).isEqualTo(3);
    assertThat(CommandRunnerContract.running("sleep 4711")).isEmpty();
  }

  @Test
  void outputStaysInOrderAndIsNotKept() throws Exception {
    var bytes = new AtomicLong();
    var largest = new AtomicLong();

    var exitCode =
        runner.run(
            shell("dd if=/dev/zero bs=1M count=50 2>/dev/null; seq 1 1000 >&2"),
            (error, chunk) -> {
              bytes.addAndGet(chunk.length);
              largest.accumulateAndGet(chunk.length, Math::max);
            });
    var lines = run("seq 1 20000");

    assertThat(exitCode).isZero();
    assertThat(bytes.get()).isEqualTo(50L * 1024 * 1024 + 3893);
    assertThat(largest.get()).isLessThanOrEqualTo(64 * 1024);
    assertThat(lines.out().lines().mapToInt(Integer::parseInt)).isSorted().hasSize(20000);
  }

  @Test
  void whatTheReceiverThrowsIsThrownWhenTheCommandHasEnded() {
    assertThatThrownBy(() ->
            runner.run(
                shell("seq 1 100000"),
                (_, _) -> {
                  throw new IllegalStateException("full");
                }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("full");
  }

  @Test
  void anInterruptEndsTheCommandWithATermAndThenAKill() throws Exception {
    var asked = cancel("trap 'echo asked; exit 1' TERM; echo ready; sleep 4712 & wait", 60);
    var stubborn = cancel("trap '' TERM; echo ready; sleep 4712; sleep 4712", 0);

    assertThat(asked).contains("asked");
    assertThat(stubborn).isEqualTo("ready\n");
    assertThat(CommandRunnerContract.running("sleep 4712")).isEmpty();
  }

  private String cancel(String text, int graceSeconds) throws Exception {
    var patient =
        new NamespaceCommandRunner(
            LinuxFileSystem::open,
            new NamespaceCommandRunner.Settings("island", Duration.ofSeconds(graceSeconds)));
    var out = new ByteArrayOutputStream();
    var ready = new CountDownLatch(1);
    var thrown = new AtomicReference<Throwable>();
    var thread =
        Thread.ofVirtual()
            .start(() -> {
              try {
                patient.run(
                    shell(text),
                    (_, bytes) -> {
                      out.writeBytes(bytes);
                      ready.countDown();
                    });
              } catch (IOException | InterruptedException ended) {
                thrown.set(ended);
              }
            });
    assertThat(ready.await(1, TimeUnit.MINUTES)).isTrue();
    thread.interrupt();
    thread.join();
    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    return out.toString(UTF_8);
  }

  private Invocation limited(String text, StepLimits limits) {
    return new Invocation(
        root,
        List.of("sh", "-c", text),
        PATH,
        "/",
        0,
        0,
        List.of(),
        List.of(),
        Isolation.DEFAULT,
        limits);
  }

  @Test
  void aCommandThatTakesTooLongIsEndedAndOtherLimitsAreRefused() {
    var time =
        new StepLimits(
            OptionalLong.empty(), OptionalLong.empty(), Optional.of(Duration.ofMillis(1500)));
    var memory = new StepLimits(OptionalLong.of(1 << 30), OptionalLong.empty(), Optional.empty());

    assertThatThrownBy(() -> run(limited("sleep 4714 & sleep 4714", time)))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("longer than 1.5 s");
    assertThatThrownBy(() -> run(limited("true", memory)))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("without the launcher");
    assertThat(CommandRunnerContract.running("sleep 4714")).isEmpty();
  }

  @Test
  void whenThisProcessIsKilledTheCommandDies() throws Exception {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var process =
        new ProcessBuilder(
                java,
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                RunningNode.class.getName(),
                root.toString())
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

  private static List<String> names(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(each -> each.getFileName().toString()).toList();
    }
  }
}
