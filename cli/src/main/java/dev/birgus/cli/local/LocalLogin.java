package dev.birgus.cli.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.birgus.cli.flags.LoginCommand;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.credentials.Credential;
import dev.birgus.infra.credentials.CredentialSettings;
import dev.birgus.infra.credentials.DockerConfigFile;
import dev.birgus.infra.credentials.TypedCredentials;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.registry.RegistryException;
import dev.birgus.infra.registry.RemoteRegistries;
import java.io.IOException;
import java.io.InputStream;

/** Stores credentials in this user's docker configuration. */
public final class LocalLogin {

  private static final int LONGEST_PASSWORD = 1 << 20;

  private LocalLogin() {}

  /**
   * Stores the password if the registry says that it is right.
   *
   * @param input where the password comes from if the command has not got it
   * @throws dev.birgus.infra.contracts.FailureException if there is none, the registry does not
   *     accept it or cannot be asked, or it cannot be stored; then nothing has changed
   */
  public static DockerConfigFile.Stored store(
      LoginCommand command, Machine machine, InputStream input, Journal journal) {
    var file = new DockerConfigFile(CredentialSettings.fromEnvironment(machine.environment()));
    var source = command.password().isPresent() ? "the command line" : "standard input";
    var password = command.password().orElseGet(() -> read(input));
    var pair = new Credential.UserPassword(command.user(), password);
    check(command, machine, new TypedCredentials(pair, source), journal);
    return file.store(command.registry(), pair);
  }

  private static void check(
      LoginCommand command, Machine machine, TypedCredentials typed, Journal journal) {
    var access = RegistryConfiguration.of(command.access(), machine);
    try (var registries = new RemoteRegistries(access, typed, journal)) {
      registries.checkLogin(DockerConfigFile.host(command.registry()));
    } catch (RegistryException refused) {
      throw refused.failure().toException(refused);
    } catch (IOException broken) {
      throw Failure.of(
              "registry-unreachable",
              "cannot log in to " + command.registry() + ": " + broken.getMessage(),
              "")
          .toException(broken);
    }
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
