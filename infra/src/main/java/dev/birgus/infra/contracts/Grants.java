package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Set;

/**
 * What the commands of a build may use beyond its files, and how much of the machine. Secrets and
 * agents are references: their values are read by the node that runs a command, when it runs it.
 * Nothing here changes a stage's id.
 *
 * @param secrets by the name the Dockerfile has for them
 * @param agents SSH agents, by the name the Dockerfile has for them
 * @param entitlements what commands may do that they usually may not
 * @param limits what each command may use at most
 */
public record Grants(
    Map<String, SecretSource> secrets,
    Map<String, AgentSource> agents,
    Set<Entitlement> entitlements,
    StepLimits limits) {

  /** Nothing beyond the build's files, and no limits. */
  public static final Grants NONE = new Grants(Map.of(), Map.of(), Set.of());

  public Grants {
    secrets = Map.copyOf(secrets);
    agents = Map.copyOf(agents);
    entitlements = Set.copyOf(entitlements);
    requireNonNull(limits, "limits");
  }

  /** Grants without limits. */
  public Grants(
      Map<String, SecretSource> secrets,
      Map<String, AgentSource> agents,
      Set<Entitlement> entitlements) {
    this(secrets, agents, entitlements, StepLimits.NONE);
  }

  /** The same with these limits. */
  public Grants with(StepLimits given) {
    return new Grants(secrets, agents, entitlements, given);
  }

  /** Where the value of a secret is. */
  public sealed interface SecretSource {
    /**
     * A file of the node.
     *
     * @param path absolute
     */
    record InFile(String path) implements SecretSource {
      public InFile {
        requireNonNull(path, "path");
      }
    }

    /** A variable of the node's environment. */
    record InEnvironment(String variable) implements SecretSource {
      public InEnvironment {
        requireNonNull(variable, "variable");
      }
    }
  }

  /**
   * An SSH agent of the node.
   *
   * @param socket absolute path of the Unix socket it listens at
   */
  public record AgentSource(String socket) {
    public AgentSource {
      requireNonNull(socket, "socket");
    }
  }

  /** What commands may do that they usually may not. */
  public enum Entitlement {
    /** {@code RUN --security=insecure}. */
    INSECURE_SECURITY,
    /** {@code RUN --network=host}. */
    HOST_NETWORK
  }
}
