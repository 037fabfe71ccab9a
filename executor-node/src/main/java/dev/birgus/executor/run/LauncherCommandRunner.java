package dev.birgus.executor.run;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.files.FileSystem;
import dev.birgus.executor.files.OwnProcess;
import dev.birgus.executor.files.Roots;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Isolation.Network;
import dev.birgus.infra.contracts.Isolation.Security;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Runs commands on one rung of the ladder by our own launcher.
 *
 * <p>On the rungs that mount, what a command needs is mounted in namespaces only it has. On the
 * others it is made in the root for the time of the command, which therefore has to be a plain
 * directory tree that nobody else uses.
 */
public final class LauncherCommandRunner implements CommandRunner {

  private final Roots roots;
  private final Launcher launcher;
  private final Rung rung;
  private final NamespaceCommandRunner.Settings settings;

  /**
   * A runner.
   *
   * @param rung on {@link Rung#INPLACE} the root of every command is {@code /}, whatever that is
   */
  public LauncherCommandRunner(
      Roots roots, Launcher launcher, Rung rung, NamespaceCommandRunner.Settings settings) {
    this.roots = requireNonNull(roots, "roots");
    this.launcher = requireNonNull(launcher, "launcher");
    this.rung = rung;
    this.settings = requireNonNull(settings, "settings");
  }

  @Override
  public int run(Invocation invocation, BiConsumer<Boolean, byte[]> output)
      throws IOException, InterruptedException {
    RungNeeds.check(rung, invocation);
    try (var files = roots.open(invocation.root());
        var cgroup = StepCgroup.make(invocation.limits())) {
      var exitCode =
          rung.mounts()
              ? runWithMounts(files, invocation, cgroup, new OutputPump(output))
              : runWithStubs(files, invocation, cgroup, new OutputPump(output));
      if (exitCode != 0) {
        cgroup
            .exceeded()
            .ifPresent(limit ->
                output.accept(true, ("birgus: " + limit + "\n").getBytes(StandardCharsets.UTF_8)));
      }
      return exitCode;
    } catch (NotPreparedException failed) {
      throw Failure.of(
              "isolation-unavailable",
              "cannot run a command with isolation " + rung.label() + ": " + failed.getMessage(),
              rung.advice())
          .toException(failed);
    }
  }

  private int runWithMounts(
      FileSystem files, Invocation invocation, StepCgroup cgroup, OutputPump pump)
      throws IOException, InterruptedException {
    try (var points = MountPoints.in(files)) {
      var places = points.prepare();
      var mounts = new TargetPlaces(files, roots, points, places).find(invocation.mounts());
      var frame = frame(invocation, cgroup);
      frame.text('h', settings.hostName()).text('P', places.proc());
      frame.text('S', places.sys()).text('D', places.dev());
      places.resolver().ifPresent(place -> frame.text('R', place));
      places.hosts().ifPresent(place -> frame.text('H', place));
      mounts.forEach(frame::mount);
      return launch(frame, invocation, pump);
    }
  }

  private int runWithStubs(
      FileSystem files, Invocation invocation, StepCgroup cgroup, OutputPump pump)
      throws IOException, InterruptedException {
    try (var stubs = RootStubs.in(files)) {
      if (rung == Rung.INPLACE) {
        stubs.writeScripts(invocation.mounts());
      } else {
        stubs.prepare(invocation.mounts());
      }
      return launch(frame(invocation, cgroup), invocation, pump);
    }
  }

  private LaunchFrame frame(Invocation invocation, StepCgroup cgroup) {
    var frame = new LaunchFrame();
    frame.text('m', rung.label()).text('r', invocation.root().toString());
    frame.text('w', invocation.workingDirectory());
    frame.number('u', invocation.uid()).number('g', invocation.gid());
    invocation.groups().forEach(group -> frame.number('G', group));
    frame.number('k', settings.grace().toMillis());
    invocation.command().forEach(argument -> frame.text('a', argument));
    invocation.environment().forEach((name, value) -> frame.text('e', name + "=" + value));
    cgroup.members().forEach(file -> frame.text('c', file.toString()));
    frame.flag('i', invocation.isolation().security() == Security.INSECURE);
    frame.flag('n', invocation.isolation().network() == Network.NONE);
    return frame;
  }

  /** On the upper rung the kernel ends what is left; on the others the launcher does. */
  private int launch(LaunchFrame frame, Invocation invocation, OutputPump pump)
      throws IOException, InterruptedException {
    if (rung != Rung.NS) {
      // The command sees our process, or can come to see it where it may leave its root.
      OwnProcess.close();
    }
    // In place the root is everybody's: a sweep would end the node itself.
    Optional<Path> swept =
        rung == Rung.NS || rung == Rung.INPLACE ? Optional.empty() : Optional.of(invocation.root());
    return new LauncherProcess(launcher, settings.grace(), swept)
        .run(frame.finish(), pump, invocation.limits().time());
  }
}
