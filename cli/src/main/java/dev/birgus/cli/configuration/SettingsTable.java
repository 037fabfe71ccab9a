package dev.birgus.cli.configuration;

import static dev.birgus.cli.configuration.Setting.Group.API;
import static dev.birgus.cli.configuration.Setting.Group.BROKER;
import static dev.birgus.cli.configuration.Setting.Group.BUILDS;
import static dev.birgus.cli.configuration.Setting.Group.HEALTH;
import static dev.birgus.cli.configuration.Setting.Group.KAFKA;
import static dev.birgus.cli.configuration.Setting.Group.NODE;
import static dev.birgus.cli.configuration.Setting.Group.PROCESS;
import static dev.birgus.cli.configuration.Setting.Group.PUSHER;
import static dev.birgus.cli.configuration.Setting.Group.REGISTRY;
import static dev.birgus.cli.configuration.Setting.Group.STATE;
import static dev.birgus.cli.configuration.Setting.Kind.ADDRESS;
import static dev.birgus.cli.configuration.Setting.Kind.CHOICE;
import static dev.birgus.cli.configuration.Setting.Kind.DURATION;
import static dev.birgus.cli.configuration.Setting.Kind.LIST;
import static dev.birgus.cli.configuration.Setting.Kind.NUMBER;
import static dev.birgus.cli.configuration.Setting.Kind.PATH;
import static dev.birgus.cli.configuration.Setting.Kind.SIZE;
import static dev.birgus.cli.configuration.Setting.Kind.TEXT;

import dev.birgus.cli.configuration.Setting.Group;
import dev.birgus.cli.configuration.Setting.Kind;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Every setting of a server. */
public final class SettingsTable {

  /** What the names of properties begin with that every client of Kafka is given. */
  public static final String CLIENT = "kafka.client.";

  private static final List<Setting> ALL =
      Stream.of(process(), state(), kafka(), broker(), node(), doors(), builds(), registries())
          .flatMap(List::stream)
          .toList();

  private SettingsTable() {}

  /** All of them, group by group. */
  public static List<Setting> all() {
    return ALL;
  }

  /** The one with this name. */
  public static Optional<Setting> find(String key) {
    return ALL.stream().filter(setting -> setting.key().equals(key)).findFirst();
  }

  /** The one with this flag, which is given without dashes. */
  static Optional<Setting> byFlag(String flag) {
    return ALL.stream().filter(setting -> setting.flag().equals(flag)).findFirst();
  }

  private static List<Setting> process() {
    return List.of(
        of(
            PROCESS,
            LIST,
            "roles",
            "ingest,planner,executor,pusher",
            "What this process does",
            "`ingest` has the API, `planner` decides, `executor` runs stages, `pusher` delivers"
                + " images."),
        of(
            PROCESS,
            TEXT,
            "node.name",
            "",
            "What this process is called, unlike every other one",
            "The name of the host. A process that is started again under its name is known at once."
                + " Letters, digits, dots, dashes and underscores."),
        of(
            PROCESS,
            DURATION,
            "grace",
            "30s",
            "How long what runs may go on after SIGTERM",
            "What has not ended by then goes to another node. A second signal ends the process now."),
        choice(PROCESS, "log.format", "text", "How log lines look", "text", "json"),
        choice(
            PROCESS, "log.level", "info", "How much is logged", "error", "warn", "info", "debug"));
  }

  private static List<Setting> state() {
    return List.of(
        of(
            STATE,
            PATH,
            "state.dir",
            "",
            "The folder of this node",
            "`/var/lib/birgus` for root, `$XDG_STATE_HOME/birgus` or `~/.local/state/birgus` for"
                + " others."),
        of(
            STATE,
            SIZE,
            "state.limit",
            "10GB",
            "How much of it may be left when nothing runs",
            "What was used longest ago goes. `none` for any amount; the default is at most half of"
                + " the file system."),
        of(
            STATE,
            TEXT,
            "blobs",
            "own",
            "Where nodes have each other's layers and contexts from",
            "`own`: nowhere, there is one node. `dir:/DIRECTORY`: a directory that all have mounted."
                + " `s3://BUCKET/PREFIX?endpoint=URL&region=NAME&path-style=true`: a bucket."
                + " `peers:HOST:PORT,HOST:PORT`: the nodes themselves."),
        of(
            STATE,
            PATH,
            "blobs.token",
            "",
            "File of the token nodes show to each other",
            "For `blobs = peers:…`: the same on all nodes."));
  }

  private static List<Setting> kafka() {
    return List.of(
        of(
            KAFKA,
            TEXT,
            "kafka",
            "",
            "Brokers to connect to first, HOST:PORT with commas",
            "Without it the process starts a broker of its own."),
        of(
            KAFKA,
            TEXT,
            "kafka.prefix",
            "birgus.",
            "What names of topics and groups begin with",
            ""),
        of(
            KAFKA,
            NUMBER,
            "kafka.partitions",
            "12",
            "Partitions of the topics that have several",
            "Only when topics are made: no more planners can share the work."),
        of(
            KAFKA,
            NUMBER,
            "kafka.replication",
            "0",
            "Copies of each topic",
            "Only when topics are made. 0 is three, or one for each broker if there are fewer."),
        of(
            KAFKA,
            DURATION,
            "kafka.lease",
            "15s",
            "How long a job is its worker's without a sign of life",
            "From 15s to 60s."),
        of(
            KAFKA,
            DURATION,
            "kafka.retention",
            "168h",
            "How long events are kept",
            "Only when topics are made. Longer than any process is away."),
        of(
            KAFKA,
            DURATION,
            "kafka.log-retention",
            "72h",
            "How long the output of steps is kept",
            "Only when topics are made."),
        choice(
            KAFKA,
            "kafka.queues",
            "auto",
            "How jobs come to workers: by share groups if there are any, or by classic groups",
            "auto",
            "classic"));
  }

  private static List<Setting> broker() {
    return List.of(
        of(
            BROKER,
            ADDRESS,
            "broker.listen",
            "127.0.0.1:0",
            "Where it listens",
            "Port 0 is one that is free. It asks nobody who they are: whoever reaches it can do"
                + " everything."),
        of(
            BROKER,
            TEXT,
            "broker.advertise",
            "",
            "The host that others connect to",
            "The host of `broker.listen`, if that is not 0.0.0.0."));
  }

  private static List<Setting> node() {
    return List.of(
        of(
            NODE,
            TEXT,
            "pool",
            "default",
            "The pool of nodes this one belongs to",
            "Builds are for one pool."),
        of(
            NODE,
            NUMBER,
            "slots",
            "0",
            "How many stages run at once",
            "0 is one for each core, and no more than there is memory for."),
        of(NODE, SIZE, "slot.memory", "512MiB", "Memory a stage is reckoned to need", ""),
        choice(
            NODE,
            "isolation",
            "auto",
            "How RUN is kept apart from this machine",
            "auto",
            "ns",
            "userns",
            "chroot-notify",
            "chroot"),
        choice(
            NODE, "storage", "auto", "How root file systems are kept", "auto", "overlay", "tree"),
        of(
            NODE,
            PATH,
            "secrets.dir",
            "",
            "Folder of the secrets builds may have",
            "`--secret id=x,src=FILE` of a build names a file in it."),
        of(
            NODE,
            LIST,
            "secrets.variables",
            "",
            "Variables of this process builds may have as secrets",
            "`--secret id=x,env=NAME` of a build names one."),
        of(
            PUSHER,
            NUMBER,
            "pushes",
            "2",
            "How many images are delivered at once",
            "From 1 to 64."));
  }

  private static List<Setting> doors() {
    return List.of(
        of(API, ADDRESS, "api.listen", "127.0.0.1:8180", "Where the API listens", ""),
        of(
            API,
            PATH,
            "api.tokens",
            "",
            "File of the tokens clients show",
            "A line `ROLE [TENANT] TOKEN` for each; the role is `submit` or `read`. Without it a"
                + " token is made once, and kept in `token` in the state folder."),
        of(
            API,
            PATH,
            "api.certificate",
            "",
            "PEM file of a certificate and its chain",
            "With `api.key`: the API speaks TLS."),
        of(API, PATH, "api.key", "", "PEM file of its key", ""),
        of(API, NUMBER, "api.history", "1000", "How many builds are remembered", ""),
        of(
            API,
            SIZE,
            "api.history-limit",
            "5GB",
            "How much of the state folder they may take",
            "With what they printed. The oldest that have ended go first."),
        of(
            API,
            NUMBER,
            "api.watchers",
            "2000",
            "How many may follow builds at once",
            "Every `birgus submit` follows its own. More are told to try again."),
        of(API, SIZE, "api.context-limit", "10GB", "How large a build context may be", ""),
        of(
            HEALTH,
            ADDRESS,
            "health.listen",
            "127.0.0.1:8181",
            "Where /livez, /readyz and /metrics are",
            "Whoever reaches it can read them."));
  }

  private static List<Setting> builds() {
    return List.of(
        of(
            BUILDS,
            LIST,
            "allow",
            "",
            "What builds may ask for with `--allow`",
            "`security.insecure`, `network.host`."),
        of(
            BUILDS,
            DURATION,
            "reuse",
            "1h",
            "How long the result of a stage is used for builds with an equal one",
            "`0` is never."),
        choice(
            BUILDS,
            "reuse.network",
            "yes",
            "Whether that is done for stages whose commands may use the network",
            "yes",
            "no"),
        of(
            BUILDS,
            DURATION,
            "build.time-limit",
            "2h",
            "How long a build may take, also one that does not say",
            ""),
        of(
            BUILDS,
            LIST,
            "build.pools",
            "",
            "Pools of builds that name none, PLATFORM=POOL",
            "`linux/arm64=arm` sends builds for arm64 to the nodes whose `pool` is `arm`."),
        of(
            BUILDS,
            NUMBER,
            "stage.attempts",
            "4",
            "How many nodes a stage may take down, 1 to 7",
            "When it is begun once more after so many its builds fail with `stage-ends-nodes`."),
        of(
            BUILDS,
            NUMBER,
            "stage.queue",
            "10000",
            "Stages that may be asked for and not done in each pool, 1 to 100000",
            "Builds that ask for more fail with `queue-full`."),
        of(
            BUILDS,
            NUMBER,
            "stage.results",
            "10000",
            "Results of stages remembered for later builds in each pool, 0 to 100000",
            "The oldest go first, whatever `reuse` says."));
  }

  private static List<Setting> registries() {
    return List.of(
        of(REGISTRY, LIST, "registry.insecure", "", "Registries spoken to without TLS", ""),
        of(
            REGISTRY,
            LIST,
            "registry.skip-tls-verify",
            "",
            "Registries whose certificates are not checked",
            ""),
        of(
            REGISTRY,
            LIST,
            "registry.certificates",
            "",
            "Authorities of registries, HOST=PEM file",
            ""),
        of(
            REGISTRY,
            LIST,
            "registry.client-certificates",
            "",
            "What we show to registries, HOST=certificate:key",
            "PEM files."),
        of(
            REGISTRY,
            LIST,
            "registry.map",
            "",
            "Registries pulled from in the place of others, REGISTRY=HOST[/PATH]",
            ""),
        of(REGISTRY, LIST, "registry.mirrors", "", "Mirrors of Docker Hub", ""));
  }

  private static Setting of(
      Group group, Kind kind, String key, String usual, String help, String note) {
    return new Setting(key, kind, usual, group, help, note, List.of());
  }

  private static Setting choice(
      Group group, String key, String usual, String help, String... choices) {
    return new Setting(key, CHOICE, usual, group, help, "", List.of(choices));
  }
}
