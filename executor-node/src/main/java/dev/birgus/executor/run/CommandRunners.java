package dev.birgus.executor.run;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.files.Processor;
import dev.birgus.executor.files.Roots;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The runners this machine has for each rung, whether they work or not. */
final class CommandRunners {

  private final Roots roots;
  private final Path programs;
  private final NamespaceCommandRunner.Settings settings;
  private final InplaceGuard inplace;

  /**
   * The runners of a node.
   *
   * @param programs the folder the launcher is installed in when it is first needed
   */
  CommandRunners(
      Roots roots,
      Path programs,
      NamespaceCommandRunner.Settings settings,
      InplaceSettings inplace) {
    this.inplace = new InplaceGuard(inplace);
    this.roots = requireNonNull(roots, "roots");
    this.programs = requireNonNull(programs, "programs");
    this.settings = requireNonNull(settings, "settings");
  }

  /** What there is for a rung. */
  sealed interface Candidate {}

  /**
   * A runner.
   *
   * @param launcher what it runs commands with; null if that is programs of the node
   */
  record Found(CommandRunner runner, @Nullable Launcher launcher) implements Candidate {}

  /** Nothing. */
  record Missing(String reason, String advice) implements Candidate {}

  Candidate on(Rung rung) throws IOException {
    if (rung == Rung.INPLACE) {
      var refusal = inplace.refusal();
      if (refusal.isPresent()) {
        return new Missing(refusal.get(), rung.advice());
      }
    }
    var launcher = Launcher.install(programs);
    if (launcher.isPresent()) {
      return new Found(
          new LauncherCommandRunner(roots, launcher.get(), rung, settings), launcher.get());
    }
    return rung == Rung.NS
        ? new Found(new NamespaceCommandRunner(roots, settings), null)
        : new Missing(
            "this birgus was built without a C compiler, and has no launcher for "
                + Processor.name(),
            "build birgus on a machine with a C compiler and a static C library");
  }
}
