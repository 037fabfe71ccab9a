package dev.birgus.cli.local;

import dev.birgus.cli.flags.BuildCommand;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Grants;
import dev.birgus.infra.contracts.Grants.AgentSource;
import dev.birgus.infra.contracts.Grants.SecretSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;

/** What a command line lets a build use, with every path absolute and looked at. */
final class Access {

  private Access() {}

  /**
   * The grants.
   *
   * @throws FailureException {@code bad-flag-value} if a file or socket is not there
   */
  static Grants of(BuildCommand.Access access, Path workingDirectory) {
    var secrets = new LinkedHashMap<String, SecretSource>();
    access
        .secrets()
        .forEach((id, source) ->
            secrets.put(
                id,
                switch (source) {
                  case SecretSource.InEnvironment variable -> variable;
                  case SecretSource.InFile(var path) ->
                      new SecretSource.InFile(file(id, workingDirectory.resolve(path)));
                }));
    var agents = new LinkedHashMap<String, AgentSource>();
    access
        .agents()
        .forEach((id, source) ->
            agents.put(id, new AgentSource(socket(id, workingDirectory.resolve(source.socket())))));
    return new Grants(secrets, agents, access.entitlements());
  }

  private static String file(String id, Path path) {
    if (!Files.isRegularFile(path)) {
      throw bad("secret", id, path + (Files.exists(path) ? " is no file" : " does not exist"));
    }
    return path.normalize().toString();
  }

  private static String socket(String id, Path path) {
    if (!Files.exists(path)) {
      throw bad("ssh", id, path + " does not exist");
    }
    if (Files.isRegularFile(path) || Files.isDirectory(path)) {
      throw bad(
          "ssh",
          id,
          path + " is no socket; key files are not supported yet: add the key to an SSH agent");
    }
    return path.normalize().toString();
  }

  private static FailureException bad(String flag, String id, String reason) {
    return Failure.of(
            "bad-flag-value",
            "invalid argument for \"--" + flag + "\" flag: " + id + ": " + reason,
            "Give the path of what is there.")
        .toException();
  }
}
