package dev.birgus.cli.flags;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.FailureException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * How a server is spoken to.
 *
 * @param server its address, without a slash at the end
 * @param token who we are to it
 * @param authority PEM file of who vouches for it; empty for those the JDK believes
 */
public record RemoteAccess(String server, Optional<String> token, Optional<String> authority) {

  public RemoteAccess {
    requireNonNull(server, "server");
    requireNonNull(token, "token");
    requireNonNull(authority, "authority");
  }

  /**
   * Reads it.
   *
   * @throws FailureException {@code missing-flag} or {@code bad-flag-value}
   */
  static RemoteAccess read(
      ParsedFlags flags, Map<String, String> environment, Path workingDirectory) {
    var server =
        said(flags, environment, "server")
            .orElseThrow(() ->
                FlagParser.failure(
                    "missing-flag",
                    "no server is given",
                    "Give --server=http://HOST:8180, or set BIRGUS_SERVER."));
    if (!server.matches("https?://[^/?#@\\s]+(/[^?#\\s]*)?")) {
      throw FlagParser.failure(
          "bad-flag-value",
          "the server is no address of http or https, or it has a password in it",
          "Write http://HOST:PORT.");
    }
    return new RemoteAccess(
        server.endsWith("/") ? server.substring(0, server.length() - 1) : server,
        said(flags, environment, "token-file").map(file -> token(workingDirectory.resolve(file))),
        said(flags, environment, "server-ca")
            .map(file -> workingDirectory.resolve(file).toString()));
  }

  private static Optional<String> said(
      ParsedFlags flags, Map<String, String> environment, String name) {
    var variable = FlagTable.find(name).orElseThrow().environment();
    return flags
        .nonEmpty(name)
        .or(() -> Optional.ofNullable(environment.get(variable)).filter(text -> !text.isEmpty()));
  }

  private static String token(Path file) {
    try {
      var token = Files.readString(file).strip();
      if (token.isEmpty() || !token.matches("[\\x21-\\x7e]+")) {
        throw FlagParser.failure(
            "bad-flag-value", "the file " + file + " has no token in it", "It holds one alone.");
      }
      return token;
    } catch (IOException failed) {
      throw FlagParser.failure(
          "bad-flag-value",
          "the file of a token, " + file + ", cannot be read",
          "Check --token-file or BIRGUS_TOKEN_FILE, and who may read the file.");
    }
  }

  /** What is to be told before the server is asked: others on the way could read the token. */
  public Optional<String> warning() {
    return token.isPresent() && server.startsWith("http://") && !isLoopback()
        ? Optional.of(
            "the token goes to "
                + server
                + " without TLS, and can be read on the way; use https, or a tunnel")
        : Optional.empty();
  }

  private boolean isLoopback() {
    var host = URI.create(server).getHost();
    return host != null
        && (host.equalsIgnoreCase("localhost") || host.equals("[::1]") || host.startsWith("127."));
  }

  /** The token stays untold. */
  @Override
  public String toString() {
    return "RemoteAccess[" + server + "]";
  }
}
