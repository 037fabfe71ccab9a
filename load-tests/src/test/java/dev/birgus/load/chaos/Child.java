package dev.birgus.load.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A process that is started, hurt and started again; it is reached by its own id alone. One that
 * ends though nobody has told it to is started again after a moment, as the processes of pods are.
 */
final class Child {

  /** Gives a process another time than the machine's. */
  static final Path CLOCKS = Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1");

  private static final int PATIENCE_SECONDS = 60;
  private static final int RESTART_SECONDS = 2;
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");

  private final String name;
  private final List<String> command;
  private final Path log;
  private int secondsOff;
  private final AtomicInteger endedByItself = new AtomicInteger();

  /** Whether it is to be there. */
  private volatile boolean wanted;

  private volatile Process process;

  private Child(String name, List<String> command, Path log, int secondsOff) throws IOException {
    this.name = name;
    this.command = List.copyOf(command);
    this.log = log;
    this.secondsOff = secondsOff;
    this.process = launch();
  }

  /**
   * Starts a process.
   *
   * @param secondsOff what its clock is ahead of the machine's
   */
  static Child start(String name, List<String> command, Path log, int secondsOff)
      throws IOException {
    return new Child(name, command, log, secondsOff);
  }

  private Process launch() throws IOException {
    var builder = new ProcessBuilder(command);
    var environment = builder.environment();
    environment.put("LC_ALL", "C.UTF-8");
    if (secondsOff != 0) {
      environment.put("LD_PRELOAD", CLOCKS.toString());
      environment.put("FAKETIME", String.format("%+ds", secondsOff));
      // How long something takes is the same on every clock, and so is the age of a file. Without
      // the second of these all waiting would end at once.
      environment.put("FAKETIME_DONT_FAKE_MONOTONIC", "1");
      environment.put("FAKETIME_FORCE_MONOTONIC_FIX", "0");
      environment.put("NO_FAKE_STAT", "1");
    }
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    wanted = true;
    var launched = builder.start();
    var _ = launched.onExit().thenAcceptAsync(this::ended);
    return launched;
  }

  private void ended(Process one) {
    if (!wanted || !one.equals(process)) {
      return;
    }
    endedByItself.incrementAndGet();
    try {
      TimeUnit.SECONDS.sleep(RESTART_SECONDS);
      restart();
    } catch (IOException failed) {
      System.err.println(name + " cannot be started again: " + failed);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void restart() throws IOException {
    if (wanted) {
      again();
    }
  }

  String name() {
    return name;
  }

  /** How often it has ended though nobody had told it to. */
  int endedByItself() {
    return endedByItself.get();
  }

  synchronized int secondsOff() {
    return secondsOff;
  }

  /** The clock of the next process that is started. */
  synchronized void setSecondsOff(int seconds) {
    secondsOff = seconds;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Starts it again, if it is not there. */
  synchronized void again() throws IOException {
    if (!process.isAlive()) {
      process = launch();
    }
  }

  void kill() throws IOException, InterruptedException {
    wanted = false;
    var killed = process;
    killed.destroyForcibly();
    killed.waitFor();
    // What the other clock leaves behind when it cannot tidy up.
    for (var left : List.of("faketime_shm_", "sem.faketime_sem_")) {
      Files.deleteIfExists(SHARED_MEMORY.resolve(left + killed.pid()));
    }
  }

  void freeze() throws IOException, InterruptedException {
    signal("STOP");
  }

  void thaw() throws IOException, InterruptedException {
    signal("CONT");
  }

  /** Asks it to end, and waits; kills it if it does not listen. Whether it ended by itself. */
  boolean end() throws IOException, InterruptedException {
    wanted = false;
    var asked = process;
    asked.destroy();
    if (asked.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
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
