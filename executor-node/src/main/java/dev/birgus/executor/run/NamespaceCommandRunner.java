package dev.birgus.executor.run;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.files.FileSystem;
import dev.birgus.executor.files.NetworkNamespace;
import dev.birgus.executor.files.Roots;
import dev.birgus.infra.contracts.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs commands in mount, pid, ipc and uts namespaces of their own, made by util-linux. It needs to
 * be root, or what looks like it in a user namespace with CAP_SYS_ADMIN.
 *
 * <p>The command sees a new /proc, a /dev of its own, a read-only /sys, copies of the node's
 * resolv.conf and hosts, /dev/null as standard input and exactly the environment it was given. It
 * has the capabilities containers have by default. When it ends, or when this process dies however
 * that happens, the kernel ends all its descendants and undoes all mounts.
 */
public final class NamespaceCommandRunner implements CommandRunner {

  private static final List<String> PROGRAM_FOLDERS =
      List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin");

  private final Roots roots;
  private final Settings settings;

  /**
   * How commands are run.
   *
   * @param hostName what the command takes for the name of its machine
   * @param grace how long a command has to end after SIGTERM before it is killed
   */
  public record Settings(String hostName, Duration grace) {

    /** The settings of a node nobody asked anything special of. */
    public static final Settings DEFAULT = new Settings("birgus", Duration.ofSeconds(2));

    public Settings {
      requireNonNull(grace, "grace");
      if (!hostName.matches("[a-z0-9][a-z0-9-]{0,62}")) {
        throw new IllegalArgumentException("not a host name: " + hostName);
      }
      if (grace.isNegative()) {
        throw new IllegalArgumentException("a negative grace: " + grace);
      }
    }
  }

  /** A runner that uses the node's util-linux and coreutils, and sees roots through these. */
  public NamespaceCommandRunner(Roots roots, Settings settings) {
    this.roots = roots;
    this.settings = settings;
  }

  @Override
  public int run(Invocation invocation, BiConsumer<Boolean, byte[]> output)
      throws IOException, InterruptedException {
    var limits = invocation.limits();
    if (limits.memory().isPresent() || limits.processes().isPresent()) {
      throw Failure.of(
              "limit-not-possible",
              "--step-memory and --step-pids cannot be kept without the launcher nsrun",
              "build birgus on a machine with a C compiler, or leave the flags out")
          .toException();
    }
    try (var files = roots.open(invocation.root());
        var points = MountPoints.in(files)) {
      var places = points.prepare();
      Optional<String> env =
          LaunchScript.needsEnv(invocation) ? Optional.of(envOf(files)) : Optional.empty();
      var mounts = new TargetPlaces(files, roots, points, places).find(invocation.mounts());
      var layout = new LaunchScript.Layout(places, mounts);
      var script = LaunchScript.of(invocation, layout, settings.hostName(), env);
      return switch (invocation.isolation().network()) {
        case DEFAULT, HOST ->
            launch(script, launcher(List.of()), new OutputPump(output), limits.time());
        case NONE -> {
          try (var network = NetworkNamespace.make()) {
            var enter = List.of(program("nsenter"), "--net=" + network.path());
            yield launch(script, launcher(enter), new OutputPump(output), limits.time());
          }
        }
      };
    }
  }

  /**
   * The parent-death signal is tied to the thread that made the process: that thread must live as
   * long as the process, which the caller's, perhaps a virtual one, does not promise.
   */
  private int launch(
      byte[] script, List<String> launcher, OutputPump pump, Optional<Duration> limit)
      throws IOException, InterruptedException {
    var process = new AtomicReference<@Nullable Process>();
    var outcome = new AtomicReference<@Nullable Object>();
    var parent =
        Thread.ofPlatform()
            .daemon()
            .name("birgus-run")
            .start(() -> outcome.set(attend(launcher, script, pump, process)));
    try {
      if (limit.isPresent() && !parent.join(limit.get())) {
        end(parent, process);
        throw LauncherProcess.timeout(limit.get());
      }
      parent.join();
    } catch (InterruptedException cancelled) {
      end(parent, process);
      throw cancelled;
    }
    pump.check();
    return switch (outcome.get()) {
      case Integer exitCode -> exitCode(exitCode, pump);
      case IOException failed -> throw failed;
      case null, default -> throw new IllegalStateException("the launching thread died");
    };
  }

  /** Starts the process and waits for its end: its exit code, or the exception. */
  private static Object attend(
      List<String> launcher,
      byte[] script,
      OutputPump pump,
      AtomicReference<@Nullable Process> running) {
    try {
      var builder = new ProcessBuilder(launcher).directory(Path.of("/").toFile());
      builder.environment().clear();
      var process = builder.start();
      running.set(process);
      var output = pump.output(process.getInputStream());
      var errors = pump.errors(process.getErrorStream());
      try (var input = process.getOutputStream()) {
        input.write(script);
      } catch (IOException gone) {
        // It has ended before it read all: why is in what it printed and in its exit code.
      }
      var exitCode = process.waitFor();
      output.join();
      errors.join();
      return exitCode;
    } catch (IOException failed) {
      return failed;
    } catch (InterruptedException neverInterrupted) {
      return new IOException(neverInterrupted);
    }
  }

  private int exitCode(int exitCode, OutputPump pump) {
    if (pump.isReady()) {
      return exitCode;
    }
    throw Failure.of(
            "isolation-unavailable",
            "cannot prepare the namespaces of a RUN: "
                + (pump.complaint().isEmpty() ? "exit status " + exitCode : pump.complaint()),
            "run birgus as root with CAP_SYS_ADMIN (a privileged container, or one with its own"
                + " user namespace)")
        .toException();
  }

  /** SIGTERM to the command, the grace time, SIGKILL to the namespace. */
  private void end(Thread parent, AtomicReference<@Nullable Process> running) {
    var process = running.get();
    if (process != null) {
      process.children().flatMap(ProcessHandle::children).forEach(ProcessHandle::destroy);
    }
    if (LauncherProcess.endsWithin(parent, settings.grace())) {
      return;
    }
    do {
      // The first process of the namespace dies with its parent, and all others with it.
      Optional.ofNullable(running.get()).ifPresent(Process::destroyForcibly);
    } while (!LauncherProcess.endsWithin(parent, Duration.ofSeconds(1)));
  }

  private static String envOf(FileSystem files) throws IOException {
    for (var candidate : List.of("/usr/bin/env", "/bin/env")) {
      if (files.status(files.resolve(candidate)).isPresent()) {
        return candidate;
      }
    }
    throw Failure.of(
            "environment-not-supported",
            "LD_ and similar variables for a RUN in a root without /usr/bin/env are not supported"
                + " yet",
            "set them in the command itself, or add env to the image")
        .toException();
  }

  /** What the script's shell is started by. */
  private static List<String> launcher(List<String> network) {
    var launcher =
        new ArrayList<>(List.of(program("setpriv"), "--pdeathsig", "KILL", program("setsid")));
    launcher.addAll(network);
    launcher.addAll(
        List.of(
            program("unshare"),
            "--mount",
            "--uts",
            "--ipc",
            "--pid",
            "--fork",
            "--kill-child=KILL",
            program("sh"),
            "-s"));
    return List.copyOf(launcher);
  }

  private static String program(String name) {
    for (var folder : PROGRAM_FOLDERS) {
      var path = Path.of(folder, name);
      if (Files.isExecutable(path)) {
        return path.toString();
      }
    }
    throw Failure.of(
            "isolation-unavailable",
            "this machine has no " + name + ", which RUN needs",
            "install util-linux")
        .toException();
  }
}
