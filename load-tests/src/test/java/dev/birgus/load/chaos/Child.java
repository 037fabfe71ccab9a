package dev.birgus.load.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that is started, hurt and started again; it is reached by its own id alone. */
final class Child {

  private static final int PATIENCE_SECONDS = 60;

  private final String name;
  private final List<String> command;
  private final Path log;
  private Process process;

  private Child(String name, List<String> command, Path log, Process process) {
    this.name = name;
    this.command = List.copyOf(command);
    this.log = log;
    this.process = process;
  }

  static Child start(String name, List<String> command, Path log) throws IOException {
    return new Child(name, command, log, launch(command, log));
  }

  private static Process launch(List<String> command, Path log) throws IOException {
    var builder = new ProcessBuilder(command);
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return builder.start();
  }

  String name() {
    return name;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Starts it again, if it is not there. */
  void again() throws IOException {
    if (!process.isAlive()) {
      process = launch(command, log);
    }
  }

  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  void freeze() throws IOException, InterruptedException {
    signal("STOP");
  }

  void thaw() throws IOException, InterruptedException {
    signal("CONT");
  }

  /** Asks it to end, and waits; kills it if it does not listen. Whether it ended by itself. */
  boolean end() throws InterruptedException {
    process.destroy();
    if (process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      return true;
    }
    kill();
    return false;
  }

  private void signal(String signal) throws IOException, InterruptedException {
    if (process.isAlive()) {
      new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor();
    }
  }
}
