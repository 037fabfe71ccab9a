package dev.birgus.cli.configuration;

import static java.util.Objects.requireNonNull;

import dev.birgus.cli.flags.BuildCommand.RegistryAccess;
import dev.birgus.executor.run.Rung;
import dev.birgus.executor.stage.RootStorage;
import dev.birgus.infra.blobs.BlobPlace;
import dev.birgus.infra.contracts.Grants.Entitlement;
import dev.birgus.infra.oci.Platform;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * All settings of a server process, typed and checked, with nothing left to look up.
 *
 * @param pushes images delivered at once
 * @param health where health and metrics are
 * @param registries how registries are spoken to
 */
public record ServeSettings(
    Member process,
    State state,
    Bus bus,
    Node node,
    int pushes,
    Api api,
    Address health,
    Builds builds,
    RegistryAccess registries) {

  public ServeSettings {
    requireNonNull(process, "process");
    requireNonNull(state, "state");
    requireNonNull(bus, "bus");
    requireNonNull(node, "node");
    requireNonNull(api, "api");
    requireNonNull(health, "health");
    requireNonNull(builds, "builds");
    requireNonNull(registries, "registries");
  }

  /** What a process does. */
  public enum Role {
    INGEST,
    PLANNER,
    EXECUTOR,
    PUSHER;

    /** How it is written. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The process itself.
   *
   * @param name unlike that of every other process
   * @param grace for what runs when it is to end
   */
  public record Member(Set<Role> roles, String name, Duration grace, Log log) {
    public Member {
      roles = Set.copyOf(roles);
      requireNonNull(name, "name");
      requireNonNull(grace, "grace");
      requireNonNull(log, "log");
    }

    /** Whether it has this role. */
    public boolean has(Role role) {
      return roles.contains(role);
    }
  }

  /** How log lines look, and which there are. */
  public record Log(boolean json, dev.birgus.infra.observe.Journal.Level least) {
    public Log {
      requireNonNull(least, "least");
    }
  }

  /**
   * Where things are kept.
   *
   * @param directory absolute
   * @param limit bytes that may be left in it; empty for the usual, {@link Long#MAX_VALUE} for any
   * @param blobs where nodes have each other's blobs from
   * @param blobToken what nodes show to each other
   */
  public record State(
      Path directory, OptionalLong limit, BlobPlace blobs, Optional<String> blobToken) {
    public State {
      requireNonNull(directory, "directory");
      requireNonNull(limit, "limit");
      requireNonNull(blobs, "blobs");
      requireNonNull(blobToken, "blobToken");
    }

    /** Without the token. */
    @Override
    public String toString() {
      return "State[" + directory + ", " + blobs + "]";
    }
  }

  /**
   * The bus.
   *
   * @param bootstrap brokers to connect to first; empty for one of our own
   * @param replication copies of each topic; 0 for three, or one for each broker if there are fewer
   * @param retention how long events are kept
   * @param logRetention how long output is kept
   * @param classic whether jobs come to workers by classic groups even where there are others
   * @param client properties every client is given; passwords are among them
   * @param broker where the one of our own is
   */
  public record Bus(
      String bootstrap,
      String prefix,
      int partitions,
      short replication,
      Duration lease,
      Duration retention,
      Duration logRetention,
      boolean classic,
      Map<String, String> client,
      Broker broker) {
    public Bus {
      requireNonNull(bootstrap, "bootstrap");
      requireNonNull(prefix, "prefix");
      requireNonNull(lease, "lease");
      requireNonNull(retention, "retention");
      requireNonNull(logRetention, "logRetention");
      client = Map.copyOf(client);
      requireNonNull(broker, "broker");
    }

    /** Whether the process has a broker of its own. */
    public boolean isEmbedded() {
      return bootstrap.isEmpty();
    }

    /** Without the clients' properties. */
    @Override
    public String toString() {
      return "Bus[" + (isEmbedded() ? broker : bootstrap) + "]";
    }
  }

  /** The broker of our own. */
  public record Broker(Address listen, String advertised) {
    public Broker {
      requireNonNull(listen, "listen");
      requireNonNull(advertised, "advertised");
    }
  }

  /**
   * The executor node.
   *
   * @param slots stages at once, at least 1
   * @param isolation the one rung commands are run on; empty for the highest that works
   */
  public record Node(
      String pool, int slots, Optional<Rung> isolation, RootStorage storage, Secrets secrets) {
    public Node {
      requireNonNull(pool, "pool");
      requireNonNull(isolation, "isolation");
      requireNonNull(storage, "storage");
      requireNonNull(secrets, "secrets");
    }
  }

  /** What builds may have as secrets. */
  public record Secrets(Optional<Path> directory, Set<String> variables) {
    public Secrets {
      requireNonNull(directory, "directory");
      variables = Set.copyOf(variables);
    }
  }

  /**
   * The API.
   *
   * @param tokens file of them; empty for one that is made
   * @param history builds that are remembered, at least 1
   * @param historyLimit bytes they may take
   * @param watchers who may follow builds at once, at least 1
   * @param contextLimit bytes of a context
   */
  public record Api(
      Address listen,
      Optional<Path> tokens,
      Optional<Certificate> certificate,
      int history,
      long historyLimit,
      int watchers,
      long contextLimit) {
    public Api {
      requireNonNull(listen, "listen");
      requireNonNull(tokens, "tokens");
      requireNonNull(certificate, "certificate");
    }
  }

  /** PEM files of a certificate and its key. */
  public record Certificate(Path chain, Path key) {
    public Certificate {
      requireNonNull(chain, "chain");
      requireNonNull(key, "key");
    }
  }

  /**
   * What builds may have.
   *
   * @param reuse how long results are used; zero for never
   * @param timeLimit of builds that do not say
   * @param attempts how many nodes a stage may take down, at least 1
   * @param queue stages of a pool that may be asked for and not done, at least 1
   * @param results of stages that are remembered for later builds of a pool
   * @param networked whether stages whose commands may use the network are run once for several
   *     builds
   * @param pools of builds that name none, by the platform they are for
   */
  public record Builds(
      Set<Entitlement> entitlements,
      Duration reuse,
      Duration timeLimit,
      int attempts,
      int queue,
      int results,
      boolean networked,
      Map<Platform, String> pools) {
    public Builds {
      entitlements = Set.copyOf(entitlements);
      requireNonNull(reuse, "reuse");
      requireNonNull(timeLimit, "timeLimit");
      pools = Map.copyOf(pools);
    }
  }

  /** A place on a network. */
  public record Address(String host, int port) {
    public Address {
      requireNonNull(host, "host");
    }

    /** Whether only this machine can reach it, as far as its name says. */
    public boolean isLoopback() {
      return host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
    }

    @Override
    public String toString() {
      return host + ":" + port;
    }
  }
}
