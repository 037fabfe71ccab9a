package dev.birgus.executor.run;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Ends what a command left where no pid namespace does it. */
public final class ProcessSweep {

  private final Launcher launcher;

  /** A sweep by this launcher, which sees the roots of other users' processes. */
  public ProcessSweep(Launcher launcher) {
    this.launcher = launcher;
  }

  /**
   * Kills all processes whose root is this directory, or one below it, until none is left.
   *
   * @throws IOException if one cannot be ended
   */
  public void end(Path root) throws IOException {
    var builder = new ProcessBuilder(List.of(launcher.program().toString(), "sweep", "" + root));
    builder.redirectError(Redirect.DISCARD).environment().clear();
    var process = builder.start();
    var complaint = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    // It takes milliseconds, and what is cancelled has to be over: no interrupt ends this wait.
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException("processes are left in a root: " + complaint.strip());
    }
  }
}
