package dev.birgus.infra.secrets;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Grants.SecretSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Secrets in files of this machine and in the environment this process was started with. */
public final class MachineSecrets implements SecretReader {

  private final Map<String, String> environment;

  /** Reads variables of this environment. */
  public MachineSecrets(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /** {@inheritDoc} A variable that is not set is an empty secret, as with docker. */
  @Override
  public byte[] read(SecretSource source) {
    return switch (source) {
      case SecretSource.InEnvironment(var variable) ->
          checked(
              environment.getOrDefault(variable, "").getBytes(StandardCharsets.UTF_8),
              "the variable " + variable);
      case SecretSource.InFile(var path) -> checked(read(path), path);
    };
  }

  private static byte[] read(String path) {
    try (var file = Files.newInputStream(Path.of(path))) {
      return file.readNBytes(LARGEST + 1);
    } catch (IOException failed) {
      throw Failure.of(
              "secret-unreadable",
              "the file of a secret, "
                  + path
                  + ", cannot be read: "
                  + failed.getClass().getSimpleName(),
              "check the path given with --secret, and that it may be read")
          .toException(failed);
    }
  }

  private static byte[] checked(byte[] value, String source) throws FailureException {
    if (value.length > LARGEST) {
      throw Failure.of(
              "secret-too-large",
              "a secret has at most " + LARGEST + " bytes, and " + source + " has more",
              "mount large files with --mount=type=bind from a --build-context")
          .toException();
    }
    return value;
  }
}
