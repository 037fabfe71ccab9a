package dev.birgus.infra.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonSyntaxException;
import dev.birgus.infra.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs programs {@code docker-credential-<name>}. What they print on standard error is thrown away,
 * since it may hold a secret.
 */
final class CredentialProgram {

  private static final String PREFIX = "docker-credential-";
  private static final int LARGEST_ANSWER = 1 << 20;

  private final List<Path> programPath;
  private final Duration limit;

  CredentialProgram(List<Path> programPath, Duration limit) {
    this.programPath = programPath;
    this.limit = limit;
  }

  /**
   * What the helper has for a server.
   *
   * @param configuration where the helper is named, for messages
   * @throws FailureException if it is not installed, fails, or takes too long
   */
  Optional<Credential> get(String helper, String server, String configuration) {
    var name = PREFIX + helper;
    var program = program(name, server, configuration);
    var answer = run(program, "get", server, server);
    return parsed(answer.exitCode(), answer.output(), name, server);
  }

  /**
   * Puts a password into the helper's store. It goes through a pipe, where no list of processes
   * shows it.
   *
   * @param configuration where the helper is named, for messages
   * @throws FailureException if it is not installed, fails, or takes too long
   */
  void store(
      String helper, String server, Credential.UserPassword credential, String configuration) {
    var name = PREFIX + helper;
    var program = program(name, server, configuration);
    var request =
        Json.Obj.EMPTY
            .with("ServerURL", Json.of(server))
            .with("Username", Json.of(credential.user()))
            .with("Secret", Json.of(credential.password()));
    var answer = run(program, "store", server, JsonText.text(request));
    if (answer.exitCode() != 0) {
      throw Failure.of(
              "credentials-not-stored",
              name
                  + ", which "
                  + configuration
                  + " names, failed with exit code "
                  + answer.exitCode()
                  + " when it was given the password for "
                  + server,
              "Not every helper stores passwords: leave it out of the configuration if it is not"
                  + " for this registry.")
          .toException();
    }
  }

  private Path program(String name, String server, String configuration) {
    return find(name)
        .orElseThrow(() ->
            failure(
                name,
                server,
                "it is named in " + configuration + " but not found in PATH",
                "install it, or take it out of the configuration"));
  }

  /** What a program printed, and how it ended. */
  @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
  private record Answer(int exitCode, byte[] output) {}

  private Answer run(Path program, String verb, String server, String input) {
    var name = String.valueOf(program.getFileName());
    try {
      var process =
          new ProcessBuilder(program.toString(), verb)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        return answer(process, name, server, input);
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (IOException cause) {
      throw failure(name, server, "it cannot be run: " + cause.getMessage(), "");
    }
  }

  boolean isInstalled(String helper) {
    return find(PREFIX + helper).isPresent();
  }

  private Optional<Path> find(String name) {
    if (name.contains("/")) {
      return Optional.empty();
    }
    return programPath.stream()
        .map(directory -> directory.resolve(name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private Answer answer(Process process, String name, String server, String input) {
    var output = new CompletableFuture<byte[]>();
    Thread.ofVirtual()
        .name("credential-helper")
        .start(() -> {
          try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(UTF_8));
          } catch (IOException _) {
            // A helper that does not read its input has answered all the same.
          }
          try (var stdout = process.getInputStream()) {
            output.complete(stdout.readNBytes(LARGEST_ANSWER));
          } catch (IOException broken) {
            output.completeExceptionally(broken);
          }
        });
    try {
      var bytes = output.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw failure(name, server, "it does not end", "");
      }
      return new Answer(process.exitValue(), bytes);
    } catch (TimeoutException _) {
      throw failure(
          name, server, "it gave no answer in " + limit.toSeconds() + " s", "run it by hand");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw failure(name, server, "we were interrupted", "");
    } catch (ExecutionException _) {
      throw failure(name, server, "its answer cannot be read", "");
    }
  }

  private static Optional<Credential> parsed(
      int exitCode, byte[] output, String name, String server) {
    if (exitCode != 0) {
      var text = new String(output, UTF_8).toLowerCase(Locale.ROOT);
      if (text.contains("credentials not found")) {
        return Optional.empty();
      }
      throw failure(
          name,
          server,
          "it failed with exit code " + exitCode,
          "run it by hand to see why: echo " + server + " | " + name + " get");
    }
    try {
      var json = JsonText.parseObject(output);
      var secret = json.string("Secret").orElse("");
      return secret.isEmpty()
          ? Optional.empty()
          : Optional.of(credential(json.string("Username").orElse(""), secret));
    } catch (JsonSyntaxException _) {
      throw failure(name, server, "its answer is not JSON", "");
    }
  }

  /** By convention a user called {@code <token>} is none: the secret is an identity token. */
  static Credential credential(String user, String secret) {
    return user.equals("<token>")
        ? new Credential.IdentityToken(secret)
        : new Credential.UserPassword(user, secret);
  }

  private static FailureException failure(
      String helper, String server, String reason, String advice) {
    return Failure.of(
            "credential-helper-failed",
            "cannot get credentials for " + server + " from " + helper + ": " + reason,
            advice)
        .toException();
  }
}
