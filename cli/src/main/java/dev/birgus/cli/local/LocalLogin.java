package dev.birgus.cli.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.birgus.cli.flags.LoginCommand;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.credentials.Credential;
import dev.birgus.infra.credentials.CredentialSettings;
import dev.birgus.infra.credentials.DockerConfigFile;
import java.io.IOException;
import java.io.InputStream;

/** Stores credentials in this user's docker configuration. */
public final class LocalLogin {

  private static final int LONGEST_PASSWORD = 1 << 20;

  private LocalLogin() {}

  /**
   * Stores the password. Nobody asks the registry whether it is right.
   *
   * @param input where the password comes from if the command has not got it
   * @throws dev.birgus.infra.contracts.FailureException if there is none, or it cannot be stored
   */
  public static DockerConfigFile.Stored store(
      LoginCommand command, Machine machine, InputStream input) {
    var password = command.password().orElseGet(() -> read(input));
    return new DockerConfigFile(CredentialSettings.fromEnvironment(machine.environment()))
        .store(command.registry(), new Credential.UserPassword(command.user(), password));
  }

  private static String read(InputStream input) {
    try {
      var text = new String(input.readNBytes(LONGEST_PASSWORD), UTF_8);
      var line = withoutEnd(withoutEnd(text, "\n"), "\r");
      if (!line.isEmpty()) {
        return line;
      }
    } catch (IOException broken) {
      throw Failure.of(
              "no-password",
              "the password cannot be read from standard input: "
                  + broken.getClass().getSimpleName(),
              "")
          .toException(broken);
    }
    throw Failure.of(
            "no-password",
            "there is no password on standard input",
            "printenv TOKEN | birgus login HOST --username USER --password-stdin")
        .toException();
  }

  private static String withoutEnd(String text, String end) {
    return text.endsWith(end) ? text.substring(0, text.length() - end.length()) : text;
  }
}
