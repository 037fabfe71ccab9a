package dev.birgus.cli.configuration;

import dev.birgus.cli.configuration.ServeSettings.Api;
import dev.birgus.cli.configuration.ServeSettings.Broker;
import dev.birgus.cli.configuration.ServeSettings.Builds;
import dev.birgus.cli.configuration.ServeSettings.Bus;
import dev.birgus.cli.configuration.ServeSettings.Certificate;
import dev.birgus.cli.configuration.ServeSettings.Log;
import dev.birgus.cli.configuration.ServeSettings.Node;
import dev.birgus.cli.configuration.ServeSettings.Role;
import dev.birgus.cli.configuration.ServeSettings.Secrets;
import dev.birgus.cli.configuration.ServeSettings.State;
import dev.birgus.cli.flags.BuildCommand.RegistryAccess;
import dev.birgus.cli.flags.BuildCommandReader;
import dev.birgus.cli.flags.FlagParser;
import dev.birgus.executor.run.Rung;
import dev.birgus.executor.service.NodeSlots;
import dev.birgus.executor.stage.RootStorage;
import dev.birgus.infra.blobs.BlobPlaceSyntax;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Grants.Entitlement;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Makes records out of what was said. */
public final class SettingsReader {

  private static final String NAME = "[A-Za-z0-9._-]{1,64}";

  /**
   * Executors begin with a job once more than this, however often the planner would give it out.
   */
  private static final int MOST_ATTEMPTS = 7;

  /** A desk looks at all its stages and results whenever it decides. */
  private static final int MOST_STAGES = 100_000;

  private final Configuration said;
  private final MachineFacts machine;

  private SettingsReader(Configuration said, MachineFacts machine) {
    this.said = said;
    this.machine = machine;
  }

  /**
   * The settings of a server.
   *
   * @throws FailureException {@code bad-configuration} naming the setting, and where it was said
   */
  public static ServeSettings read(Configuration said, MachineFacts machine) {
    return new SettingsReader(said, machine).read();
  }

  private ServeSettings read() {
    return new ServeSettings(
        process(),
        state(),
        bus(),
        node(),
        between("pushes", 1, 64),
        api(),
        said.address("health.listen"),
        builds(),
        registries());
  }

  private ServeSettings.Member process() {
    var roles = EnumSet.noneOf(Role.class);
    for (var word : said.list("roles")) {
      roles.add(
          java.util.Arrays.stream(Role.values())
              .filter(role -> role.word().equals(word))
              .findFirst()
              .orElseThrow(
                  () -> said.wrong("roles", "write some of ingest, planner, executor, pusher")));
    }
    if (roles.isEmpty()) {
      throw said.wrong("roles", "write some of ingest, planner, executor, pusher");
    }
    if (said.text("kafka").isEmpty() && roles.size() < Role.values().length) {
      throw said.wrong("roles", "a process without kafka has nobody else to do the rest");
    }
    return new ServeSettings.Member(
        roles,
        name("node.name", machine.hostName()),
        said.duration("grace", Duration.ZERO),
        new Log(
            said.text("log.format").equals("json"),
            Journal.Level.valueOf(said.text("log.level").toUpperCase(Locale.ROOT))));
  }

  private String name(String key, String usual) {
    var name = said.nonEmpty(key).orElse(usual);
    if (!name.matches(NAME)) {
      throw said.wrong(key, "letters, digits, dots, dashes and underscores, at most 64");
    }
    return name;
  }

  private State state() {
    var limit = said.size("state.limit");
    if (said.text("state.limit").equals("none")) {
      limit = OptionalLong.of(Long.MAX_VALUE);
    } else if (said.isDefault("state.limit")) {
      limit = OptionalLong.empty();
    }
    return new State(
        path(said.nonEmpty("state.dir").orElse(machine.stateDirectory())),
        limit,
        BlobPlaceSyntax.parse(said.text("blobs")),
        said.nonEmpty("blobs.token").map(this::secret));
  }

  private Bus bus() {
    var lease = said.duration("kafka.lease", Duration.ofSeconds(15));
    if (lease.compareTo(Duration.ofSeconds(60)) > 0) {
      throw said.wrong("kafka.lease", "it is at most 60s");
    }
    var listen = said.address("broker.listen");
    var host = listen.host().equals("0.0.0.0") ? machine.hostName() : listen.host();
    return new Bus(
        said.text("kafka"),
        said.text("kafka.prefix"),
        between("kafka.partitions", 1, 1000),
        (short) between("kafka.replication", 0, 9),
        lease,
        said.duration("kafka.retention", Duration.ofHours(1)),
        said.duration("kafka.log-retention", Duration.ofHours(1)),
        said.text("kafka.queues").equals("classic"),
        ClientProperties.resolve(said.client(), machine.environment()),
        new Broker(listen, said.nonEmpty("broker.advertise").orElse(host)));
  }

  private Node node() {
    return new Node(
        name("pool", "default"),
        slots(),
        Rung.named(said.text("isolation")),
        RootStorage.valueOf(said.text("storage").toUpperCase(Locale.ROOT)),
        new Secrets(
            said.nonEmpty("secrets.dir").map(this::path),
            Set.copyOf(said.list("secrets.variables"))));
  }

  private int slots() {
    var asked = said.number("slots");
    if (said.size("slot.memory").orElse(1) < 1) {
      throw said.wrong("slot.memory", "a stage needs memory; none is for not reckoning with it");
    }
    return NodeSlots.of(
        asked == 0 ? OptionalInt.empty() : OptionalInt.of(asked),
        machine.cores(),
        machine.memory(),
        said.size("slot.memory").orElse(1));
  }

  private Api api() {
    var chain = said.nonEmpty("api.certificate");
    var key = said.nonEmpty("api.key");
    if (chain.isPresent() != key.isPresent()) {
      throw said.wrong("api.certificate", "certificate and api.key are given together");
    }
    return new Api(
        said.address("api.listen"),
        said.nonEmpty("api.tokens").map(this::path),
        chain.map(path -> new Certificate(path(path), path(key.orElseThrow()))),
        between("api.history", 1, 1_000_000),
        some("api.history-limit"),
        between("api.watchers", 1, 100_000),
        some("api.context-limit"));
  }

  private Builds builds() {
    var entitlements = EnumSet.noneOf(Entitlement.class);
    for (var word : said.list("allow")) {
      entitlements.add(
          switch (word) {
            case "security.insecure" -> Entitlement.INSECURE_SECURITY;
            case "network.host" -> Entitlement.HOST_NETWORK;
            default -> throw said.wrong("allow", "write security.insecure or network.host");
          });
    }
    return new Builds(
        entitlements,
        said.duration("reuse", Duration.ZERO),
        said.duration("build.time-limit", Duration.ofSeconds(1)),
        between("stage.attempts", 1, MOST_ATTEMPTS),
        between("stage.queue", 1, MOST_STAGES),
        between("stage.results", 0, MOST_STAGES),
        said.text("reuse.network").equals("yes"),
        pools());
  }

  private Map<Platform, String> pools() {
    var pools = new LinkedHashMap<Platform, String>();
    for (var word : said.list("build.pools")) {
      var parts = word.split("=", -1);
      if (parts.length != 2 || !parts[1].matches(NAME)) {
        throw said.wrong("build.pools", "write PLATFORM=POOL, as linux/arm64=arm");
      }
      try {
        pools.put(Platform.parse(parts[0]), parts[1]);
      } catch (IllegalArgumentException unknown) {
        throw said.wrong("build.pools", String.valueOf(unknown.getMessage()));
      }
    }
    return pools;
  }

  /** The flags of a build say the same, and are read with care already. */
  private RegistryAccess registries() {
    var flags = new ArrayList<String>();
    add(flags, "insecure-registry", "registry.insecure");
    add(flags, "skip-tls-verify-registry", "registry.skip-tls-verify");
    add(flags, "registry-certificate", "registry.certificates");
    for (var value : said.list("registry.client-certificates")) {
      flags.add("--registry-client-cert=" + value.replace(':', ','));
    }
    add(flags, "registry-map", "registry.map");
    add(flags, "registry-mirror", "registry.mirrors");
    return BuildCommandReader.registries(
        FlagParser.parse(flags).flags(), machine.environment(), machine.platform());
  }

  private void add(List<String> flags, String flag, String key) {
    said.list(key).forEach(value -> flags.add("--" + flag + "=" + value));
  }

  private int between(String key, int least, int most) {
    var number = said.number(key);
    if (number < least || number > most) {
      throw said.wrong(key, "from " + least + " to " + most);
    }
    return number;
  }

  private long some(String key) {
    var bytes = said.size(key).orElse(Long.MAX_VALUE);
    if (bytes < 1) {
      throw said.wrong(key, "it is a byte at least; none is for any amount");
    }
    return bytes;
  }

  private String secret(String written) {
    try {
      return Files.readString(path(written)).strip();
    } catch (IOException failed) {
      throw said.wrong("blobs.token", "the file cannot be read");
    }
  }

  private Path path(String written) {
    return machine.workingDirectory().resolve(written).normalize();
  }
}
