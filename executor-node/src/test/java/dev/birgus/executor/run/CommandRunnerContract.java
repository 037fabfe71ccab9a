package dev.birgus.executor.run;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.executor.run.CommandRunner.Invocation;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Isolation;
import dev.birgus.infra.contracts.StepLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What every runner of commands does, whatever it keeps them apart with. */
interface CommandRunnerContract {

  Map<String, String> PATH = Map.of("PATH", "/bin");

  /** The runner to test, with this grace time. */
  CommandRunner runner(Duration grace);

  /** A root with busybox, which the test may change. */
  Path root();

  /** What a command printed and came to. */
  record Ran(int exitCode, String out, String err) {}

  /** An invocation of a shell. */
  default Invocation shell(String text) {
    return command(List.of("sh", "-c", text));
  }

  /** An invocation of root's. */
  default Invocation command(List<String> command) {
    return new Invocation(
        root(), command, PATH, "/", 0, 0, List.of(), List.of(), Isolation.DEFAULT);
  }

  /** An invocation with mounts. */
  default Invocation mounted(String text, Mount... mounts) {
    return new Invocation(
        root(),
        List.of("sh", "-c", text),
        PATH,
        "/",
        0,
        0,
        List.of(),
        List.of(mounts),
        Isolation.DEFAULT);
  }

  /** An invocation with limits. */
  default Invocation limited(String text, StepLimits limits) {
    return new Invocation(
        root(),
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

  /** Runs it to its end. */
  default Ran run(Invocation invocation) throws IOException, InterruptedException {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var exitCode =
        runner(Duration.ZERO)
            .run(invocation, (error, bytes) -> (error ? err : out).writeBytes(bytes));
    return new Ran(exitCode, out.toString(UTF_8), err.toString(UTF_8));
  }

  /** Runs a shell. */
  default Ran run(String text) throws IOException, InterruptedException {
    return run(shell(text));
  }

  @Test
  default void theExitCodeIsTheCommands() throws Exception {
    assertThat(run("exit 0").exitCode()).isZero();
    assertThat(run("exit 42").exitCode()).isEqualTo(42);
    assertThat(run("kill -9 $$").exitCode()).isEqualTo(137);
    assertThat(run("kill -15 $$").exitCode()).isEqualTo(143);
    assertThat(run("nosuchprogram").exitCode()).isEqualTo(127);
    assertThat(run("exit 125").exitCode()).isEqualTo(125);
  }

  @Test
  default void aProgramThatIsMissingOrNotExecutableHasItsOwnCode() throws Exception {
    Files.writeString(root().resolve("bin/data"), "no program");

    var missing = run(command(List.of("/nosuch")));
    var data = run(command(List.of("data")));

    assertThat(missing.exitCode()).isEqualTo(127);
    assertThat(missing.err()).contains("/nosuch");
    assertThat(data.exitCode()).isEqualTo(126);
  }

  @Test
  default void argumentsAndEnvironmentArriveUnchanged() throws Exception {
    var environment = new LinkedHashMap<>(PATH);
    environment.put("QUOTES", "it's \"quoted\" \\ and $HOME `x` ${E0} %s");
    environment.put("LINES", "one\ntwo\n\nend\n");
    environment.put("UMLAUT", "\u00e4\u20ac\ud83e\udd80\u0001\u007f");
    environment.put("odd.name-1", "dots");
    environment.put("EMPTY", "");
    environment.put("LD_LIBRARY_PATH", "/x y");
    var words = List.of("x", "", "a b", "it's \"\\ $HOME\n\u00e4", "-x", "", "z".repeat(100_000));

    var printed =
        run(
            new Invocation(
                root(),
                List.of("env", "-0"),
                environment,
                "/",
                0,
                0,
                List.of(),
                List.of(),
                Isolation.DEFAULT));
    var command = new ArrayList<>(List.of("sh", "-c", "for a; do printf '%s|' \"$a\"; done", "sh"));
    command.addAll(words);
    var echoed = run(command(command));

    assertThat(printed.out().split("\0"))
        .containsExactlyInAnyOrderElementsOf(
            environment.entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .toList());
    assertThat(echoed.out()).isEqualTo(words.stream().collect(Collectors.joining("|", "", "|")));
  }

  @Test
  default void userGroupsAndDirectoryAreAsAsked() throws Exception {
    var ran =
        run(
            new Invocation(
                root(),
                List.of("sh", "-c", "id -u; id -g; id -G; pwd; umask; echo x >/dev/null"),
                PATH,
                "/work",
                1234,
                77,
                List.of(5L, 6L),
                List.of(),
                Isolation.DEFAULT));

    assertThat(ran.out()).isEqualTo("1234\n77\n77 5 6\n/work\n0022\n");
    assertThat(ran.exitCode()).isZero();
  }

  @Test
  default void devicesWorkAndStandardInputIsEmpty() throws Exception {
    var ran =
        run(
            """
            echo x >/dev/null && head -c 3 /dev/zero | od -c | head -n 1
            head -c 8 /dev/urandom >/dev/null && head -c 8 /dev/random >/dev/null && echo random
            echo full >/dev/full
            test -c /dev/tty && test -d /dev/shm && echo devices
            cat; echo end
            """);

    assertThat(ran.out()).contains("\\0  \\0  \\0", "random\n", "devices\nend\n");
    assertThat(ran.err()).contains("No space left");
  }

  @Test
  default void noCapabilityIsMoreThanContainersHave() throws Exception {
    assertThat(run("mount -t tmpfs x /tmp").exitCode()).isNotZero();
    assertThat(run("hostname other").exitCode()).isNotZero();
  }

  @Test
  default void nothingIsLeftInTheRootOrOnTheNode() throws Exception {
    Files.delete(root().resolve("etc/group"));
    var etc = Files.getLastModifiedTime(root().resolve("etc"));
    var top = Files.getLastModifiedTime(root());

    var ran =
        run(
            "echo changed >/etc/resolv.conf; echo more >>/etc/hosts; echo >/dev/new;"
                + " mkdir -p /dev/shm/x/y; echo >/dev/shm/x/y/z; echo >/dev/null");

    assertThat(ran.exitCode()).isZero();
    assertThat(names(root())).containsExactlyInAnyOrder("bin", "etc", "tmp", "work");
    assertThat(names(root().resolve("etc"))).containsExactly("passwd");
    assertThat(Files.getLastModifiedTime(root().resolve("etc"))).isEqualTo(etc);
    assertThat(Files.getLastModifiedTime(root())).isEqualTo(top);
    assertThat(names(root().resolveSibling(".").normalize())).hasSize(1);
    assertThat(Files.readString(Path.of("/proc/self/mountinfo")))
        .doesNotContain(root().getFileName().toString());
  }

  @Test
  default void whatTheImageHasInTheWayIsThereAgain() throws Exception {
    Files.writeString(root().resolve("etc/resolv.conf"), "of the image\n");
    Files.createDirectories(root().resolve("dev/shm"));
    Files.writeString(root().resolve("dev/null"), "odd");
    var inode = Files.getAttribute(root().resolve("etc/resolv.conf"), "unix:ino");

    var ran = run("cat /etc/resolv.conf; rm -f /etc/resolv.conf; echo >/dev/shm/x");

    assertThat(ran.out()).isEqualTo(Files.readString(Path.of("/etc/resolv.conf")));
    assertThat(root().resolve("etc/resolv.conf")).hasContent("of the image\n");
    assertThat(Files.getAttribute(root().resolve("etc/resolv.conf"), "unix:ino")).isEqualTo(inode);
    assertThat(names(root().resolve("dev"))).containsExactlyInAnyOrder("shm", "null");
    assertThat(names(root().resolve("dev/shm"))).isEmpty();
  }

  @Test
  default void linksOfTheRootLeadNowhereElse() throws Exception {
    Files.createDirectories(root().resolve("run"));
    Files.createSymbolicLink(root().resolve("etc/resolv.conf"), Path.of("../../../run/resolver"));
    Files.createSymbolicLink(root().resolve("sys"), Path.of("/work/sys"));
    Files.createSymbolicLink(root().resolve("proc"), Path.of("../../../../../work/proc"));
    Files.createSymbolicLink(root().resolve("dev"), Path.of("/work/../../../work/dev"));

    var ran = run("cat /run/resolver; echo x >/dev/null && test -c /work/dev/null && echo yes");

    assertThat(ran.out())
        .startsWith(Files.readString(Path.of("/etc/resolv.conf")))
        .endsWith("yes\n");
    assertThat(names(root().resolve("run"))).isEmpty();
    assertThat(names(root().resolve("work"))).isEmpty();
  }

  @Test
  default void aDaemonLeftBehindIsDead() throws Exception {
    var name = "4" + Math.abs(System.nanoTime() % 100_000_000);

    var ran =
        run(
            "for i in 1 2 3; do setsid sh -c 'sleep N; sleep N' >/dev/null 2>&1 & done; exit 3"
                .replace("N", name));

    assertThat(ran.exitCode()).isEqualTo(3);
    assertThat(running("sleep " + name)).isEmpty();
  }

  @Test
  default void whenTheLauncherIsKilledNothingOfTheCommandIsLeft() throws Exception {
    var name = "5" + Math.abs(System.nanoTime() % 100_000_000);
    var started = new CountDownLatch(1);
    var text =
        "setsid sh -c ': N; echo ready; while :; do sleep 1; done' & wait".replace("N", name);
    var thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                runner(Duration.ZERO).run(shell(text), (_, _) -> started.countDown());
              } catch (IOException | InterruptedException killed) {
                // It may be told as either.
              }
            });
    assertThat(started.await(1, TimeUnit.MINUTES)).isTrue();
    assertThat(running(": " + name)).isNotEmpty();

    ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly);
    thread.join();

    assertThat(running(": " + name)).isEmpty();
    assertThat(names(root())).containsExactlyInAnyOrder("bin", "etc", "tmp", "work");
  }

  @Test
  default void anInterruptEndsTheCommandWithATermAndThenAKill() throws Exception {
    var name = "6" + Math.abs(System.nanoTime() % 100_000_000);

    var asked =
        cancel("trap 'echo asked; exit 1' TERM; echo ready; sleep N & wait".replace("N", name), 60);
    var stubborn =
        cancel("trap '' TERM; echo ready; setsid sleep N & sleep N; sleep N".replace("N", name), 0);

    assertThat(asked).contains("asked");
    assertThat(stubborn).isEqualTo("ready\n");
    assertThat(running("sleep " + name)).isEmpty();
  }

  private String cancel(String text, int graceSeconds) throws Exception {
    var out = new ByteArrayOutputStream();
    var ready = new CountDownLatch(1);
    var thrown = new AtomicReference<Throwable>();
    var thread =
        Thread.ofVirtual()
            .start(() -> {
              try {
                runner(Duration.ofSeconds(graceSeconds))
                    .run(
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

  @Test
  default void aCommandThatTakesTooLongIsEnded() {
    var name = "7" + Math.abs(System.nanoTime() % 100_000_000);
    var limits =
        new StepLimits(
            OptionalLong.empty(), OptionalLong.empty(), Optional.of(Duration.ofMillis(1500)));

    assertThatThrownBy(() -> run(limited("setsid sleep N & sleep N".replace("N", name), limits)))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("1.5 s");
    assertThat(running("sleep " + name)).isEmpty();
  }

  @Test
  default void whatTheReceiverThrowsIsThrownWhenTheCommandHasEnded() {
    assertThatThrownBy(() ->
            runner(Duration.ZERO)
                .run(
                    shell("seq 1 100000"),
                    (_, _) -> {
                      throw new IllegalStateException("full");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("full");
  }

  @Test
  default void nothingOfTheCommandStandsInAProcessListOutside() throws Exception {
    var seen = new AtomicReference<>("");
    var looked = root().resolve("tmp/looked");
    var environment = Map.of("PATH", "/bin", "TOKEN", "geheim-4711");
    var invocation =
        new Invocation(
            root(),
            List.of(
                "sh", "-c", "echo ready; until test -e /tmp/looked; do sleep 1; done", "wort-4711"),
            environment,
            "/",
            0,
            0,
            List.of(),
            List.of(),
            Isolation.DEFAULT);

    runner(Duration.ZERO)
        .run(
            invocation,
            (_, _) -> {
              seen.set(outside());
              touch(looked);
            });

    assertThat(seen.get()).contains("nsrun").doesNotContain("4711");
  }

  private static void touch(Path file) {
    try {
      Files.createFile(file);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Arguments and environments of our own children: the launcher, and not yet the command. */
  private static String outside() {
    return ProcessHandle.current()
        .children()
        .map(each -> "/proc/" + each.pid())
        .map(each -> text(each + "/cmdline") + text(each + "/environ"))
        .collect(Collectors.joining("\n"));
  }

  private static String text(String file) {
    try {
      return Files.readString(Path.of(file), ISO_8859_1);
    } catch (IOException gone) {
      return "";
    }
  }

  /** Processes of this command line. */
  static List<ProcessHandle> running(String commandLine) {
    return ProcessHandle.allProcesses()
        .filter(each ->
            text("/proc/" + each.pid() + "/cmdline").replace('\0', ' ').contains(commandLine))
        .toList();
  }

  /** The names in a directory. */
  static List<String> names(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(each -> each.getFileName().toString()).toList();
    }
  }
}
