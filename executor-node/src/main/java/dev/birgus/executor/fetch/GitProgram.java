package dev.birgus.executor.fetch;

import dev.birgus.infra.contracts.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs the node's git in one directory: no configuration but ours, no hooks, no questions, no
 * protocols but those of the network. Passwords are in its environment, never in its arguments.
 */
final class GitProgram {

  private static final int NOT_FOUND = 127;
  private static final int LONGEST_OUTPUT = 1024 * 1024;
  private static final int LINES_SHOWN = 5;

  private static final Map<String, String> ALWAYS =
      Map.of(
          "HOME", "/nonexistent",
          "LC_ALL", "C",
          "GIT_CONFIG_NOSYSTEM", "1",
          "GIT_CONFIG_GLOBAL", "/dev/null",
          "GIT_TERMINAL_PROMPT", "0",
          "GIT_ALLOW_PROTOCOL", "https:http:ssh:git",
          "GIT_LFS_SKIP_SMUDGE", "1",
          "GIT_SSH_COMMAND",
              "ssh -oBatchMode=yes -oConnectTimeout=30 -oServerAliveInterval=15"
                  + " -oServerAliveCountMax=4");

  private static final List<String> OPTIONS =
      List.of(
          "-c", "core.hooksPath=/dev/null",
          "-c", "core.fsmonitor=false",
          "-c", "advice.detachedHead=false",
          "-c", "gc.auto=0",
          "-c", "credential.helper=",
          "-c", "http.lowSpeedLimit=1000",
          "-c", "http.lowSpeedTime=60",
          "-c", "submodule.recurse=false");

  private final GitSettings settings;
  private final Path directory;
  private final Map<String, String> environment;

  /**
   * Git in a directory.
   *
   * @param secrets added to the environment
   */
  GitProgram(GitSettings settings, Path directory, Map<String, String> secrets) {
    this.settings = settings;
    this.directory = directory;
    this.environment = secrets;
  }

  /**
   * What a run ended with.
   *
   * @param output what it printed on standard output
   * @param errors the last lines of what it printed on standard error
   */
  record Outcome(int exitCode, String output, String errors) {
    boolean succeeded() {
      return exitCode == 0;
    }
  }

  /**
   * Runs git.
   *
   * @throws dev.birgus.infra.contracts.FailureException {@code git-missing} if there is none,
   *     {@code git-timeout} if it takes too long
   */
  Outcome run(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.addAll(List.of("/bin/sh", "-c", "umask 022; exec git \"$@\"", "git"));
    command.addAll(OPTIONS);
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().clear();
    builder.environment().putAll(settings.environment());
    builder.environment().putAll(ALWAYS);
    builder.environment().putAll(environment);
    var process = builder.start();
    try {
      process.getOutputStream().close();
      return attend(process, arguments[0]);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private Outcome attend(Process process, String what) throws InterruptedException {
    var output = new Collected();
    var errors = new Collected();
    var readers =
        List.of(
            Thread.ofPlatform().daemon().start(() -> output.read(process.getInputStream())),
            Thread.ofPlatform().daemon().start(() -> errors.read(process.getErrorStream())));
    if (!process.waitFor(settings.limit().toSeconds(), TimeUnit.SECONDS)) {
      throw Failure.of(
              "git-timeout",
              "git " + what + " has not ended within " + settings.limit(),
              "look at the repository's size and at the network")
          .toException();
    }
    for (var reader : readers) {
      reader.join();
    }
    if (process.exitValue() == NOT_FOUND) {
      throw Failure.of(
              "git-missing",
              "ADD of a git repository needs the program git, and there is none on this machine",
              "install git, or fetch the repository with RUN")
          .toException();
    }
    return new Outcome(process.exitValue(), output.text().strip(), errors.lastLines());
  }

  /** What a stream brings, its last part. */
  private static final class Collected {
    private byte[] bytes = new byte[0];

    void read(java.io.InputStream stream) {
      try (stream) {
        var all = new java.io.ByteArrayOutputStream();
        var buffer = new byte[8192];
        for (var read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
          if (all.size() > LONGEST_OUTPUT) {
            all.reset();
          }
          all.write(buffer, 0, read);
        }
        bytes = all.toByteArray();
      } catch (IOException ended) {
        // The process was ended: nobody asks for its output.
      }
    }

    String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    String lastLines() {
      var lines = text().lines().filter(line -> !line.isBlank()).toList();
      return String.join(
          "; ", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
    }
  }
}
