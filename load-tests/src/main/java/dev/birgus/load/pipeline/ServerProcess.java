package dev.birgus.load.pipeline;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own, reached by its own id alone. */
final class ServerProcess implements AutoCloseable {

  private static final Duration START = Duration.ofMinutes(2);
  private static final int TAIL = 2000;
  private static final int GRACE_SECONDS = 30;

  private final String name;
  private final List<String> command;
  private final Path log;
  private final URI health;
  private Process process;

  private ServerProcess(String name, List<String> command, Path log, URI health, Process process) {
    this.name = name;
    this.command = command;
    this.log = log;
    this.health = health;
    this.process = process;
  }

  /**
   * Starts one; it may not be ready yet.
   *
   * @param healthPort where it answers whether it is
   */
  static ServerProcess start(String name, List<String> command, Path log, int healthPort)
      throws IOException {
    var health = URI.create("http://127.0.0.1:" + healthPort);
    return new ServerProcess(name, List.copyOf(command), log, health, launch(command, log));
  }

  private static Process launch(List<String> command, Path log) throws IOException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C.UTF-8");
    return builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
  }

  String name() {
    return name;
  }

  /** Waits until it says that it is ready. */
  void awaitReady() throws IOException, InterruptedException {
    var end = System.nanoTime() + START.toNanos();
    while (System.nanoTime() < end && process.isAlive()) {
      if (answers()) {
        return;
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    var printed = Files.readString(log);
    var tail = printed.substring(Math.max(0, printed.length() - TAIL));
    throw new IOException(name + " does not become ready:\n" + tail);
  }

  private boolean answers() throws InterruptedException {
    try {
      return get("/readyz").isPresent();
    } catch (IOException notYet) {
      return false;
    }
  }

  /** The sum of a counter over its labels, 0 if it was never counted. */
  double counter(String metric) throws IOException, InterruptedException {
    var text = get("/metrics").orElseThrow(() -> new IOException(name + " has no metrics"));
    return text.lines()
        .filter(line -> line.startsWith(metric + " ") || line.startsWith(metric + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private Optional<String> get(String path) throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(health.resolve(path)).timeout(Duration.ofSeconds(10));
      var answer = http.send(request.build(), BodyHandlers.ofString());
      return answer.statusCode() == 200 ? Optional.of(answer.body()) : Optional.empty();
    }
  }

  /** Kills it as {@code kill -9} does; when this returns it is gone. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** What it has used of a core since it was started. */
  Duration cpuTime() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Sends a signal by its name. */
  void signal(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor();
  }

  /** Starts it again after it was killed, and waits until it is ready. */
  void again() throws IOException, InterruptedException {
    process = launch(command, log);
    awaitReady();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException hurried) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
