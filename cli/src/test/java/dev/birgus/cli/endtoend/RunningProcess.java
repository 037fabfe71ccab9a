package dev.birgus.cli.endtoend;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that runs beside a test, and what it has printed so far; it ends with the test. */
final class RunningProcess implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Process process;
  private final List<String> said = new ArrayList<>();
  private boolean silent;

  /** Listens to a process whose outputs are on one stream. */
  RunningProcess(Process process) {
    this.process = process;
    Thread.ofVirtual().name("listening").start(this::listen);
  }

  private void listen() {
    try (var lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        hear(line);
      }
    } catch (IOException ended) {
      // That was all.
    } finally {
      synchronized (this) {
        silent = true;
        notifyAll();
      }
    }
  }

  private synchronized void hear(String line) {
    said.add(line);
    notifyAll();
  }

  /** Waits until it has printed these words. */
  synchronized RunningProcess await(String words) throws IOException, InterruptedException {
    var until = System.nanoTime() + PATIENCE.toNanos();
    while (said.stream().noneMatch(line -> line.contains(words))) {
      var left = (until - System.nanoTime()) / 1_000_000;
      if (silent || left <= 0) {
        throw new IOException("it did not say " + words + ":\n" + String.join("\n", said));
      }
      wait(left);
    }
    return this;
  }

  /** Everything it has printed. */
  synchronized List<String> said() {
    return List.copyOf(said);
  }

  /** Waits for its end and for all it has printed; its exit code. */
  int exitCode() throws IOException, InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new IOException("it does not end:\n" + String.join("\n", said()));
    }
    synchronized (this) {
      while (!silent) {
        wait(PATIENCE.toMillis());
      }
    }
    return process.exitValue();
  }

  /** Sends a signal, by its name without SIG. */
  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
  }

  /** Kills it. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(40, TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException hurried) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
