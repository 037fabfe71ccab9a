package dev.birgus.infra.secrets;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Grants.AgentSource;
import dev.birgus.infra.contracts.Grants.SecretSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a node of a cluster offers to builds: who sends a build is not who runs the node, and must
 * not learn what else is there. Nothing outside is read, wherever links lead.
 */
public final class OfferedSecrets implements SecretReader {

  private final Offer offer;
  private final Map<String, String> environment;
  private final MachineSecrets secrets;

  /**
   * What is offered.
   *
   * @param directory whose files and sockets builds may name, by a path in it or by their absolute
   *     path; empty for none
   * @param variables of the node's environment that builds may name
   */
  public record Offer(Optional<Path> directory, Set<String> variables) {

    /** Nothing. */
    public static final Offer NOTHING = new Offer(Optional.empty(), Set.of());

    public Offer {
      requireNonNull(directory, "directory");
      variables = Set.copyOf(variables);
      if (directory.isPresent() && !directory.get().isAbsolute()) {
        throw new IllegalArgumentException("not an absolute path: " + directory.get());
      }
    }
  }

  /** Reads what is offered of this environment, and of this machine's files. */
  public OfferedSecrets(Offer offer, Map<String, String> environment) {
    this.offer = requireNonNull(offer, "offer");
    this.environment = Map.copyOf(environment);
    this.secrets = new MachineSecrets(environment);
  }

  /**
   * {@inheritDoc}
   *
   * @throws FailureException also {@code secret-not-offered}
   */
  @Override
  public byte[] read(SecretSource source) {
    return switch (source) {
      case SecretSource.InEnvironment(var variable) -> {
        if (!offer.variables().contains(variable) || !environment.containsKey(variable)) {
          throw notOffered("a secret", "the variable " + variable);
        }
        yield secrets.read(source);
      }
      case SecretSource.InFile(var path) ->
          secrets.read(new SecretSource.InFile(inside("a secret", path).toString()));
    };
  }

  /**
   * {@inheritDoc}
   *
   * @throws FailureException {@code secret-not-offered}
   */
  @Override
  public Path agent(AgentSource source) {
    return inside("an SSH agent", source.socket());
  }

  /** The same words whether it is not there or not offered: that is nobody's business. */
  private Path inside(String what, String path) {
    try {
      var directory = offer.directory().orElseThrow(() -> notOffered(what, path)).toRealPath();
      var real = directory.resolve(path).toRealPath();
      if (real.startsWith(directory) && !Files.isDirectory(real)) {
        return real;
      }
    } catch (IOException | InvalidPathException absent) {
      throw notOffered(what, path);
    }
    throw notOffered(what, path);
  }

  private static FailureException notOffered(String what, String name) {
    return Failure.of(
            "secret-not-offered",
            what + " should be taken from " + name + ", which the node does not offer to builds",
            "name one that it does: its settings list the variables, and the directory of the"
                + " files, that builds may name")
        .toException();
  }
}
