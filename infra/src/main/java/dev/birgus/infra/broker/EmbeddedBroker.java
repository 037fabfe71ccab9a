package dev.birgus.infra.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.UnaryOperator;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A Kafka broker in this JVM, its own controller, with its data in a folder that outlives it. It
 * asks nobody who they are: who reaches its port can read and write everything.
 *
 * <p>A failure it cannot live with, such as a disk that is gone, ends the whole JVM at once; what
 * was acknowledged is in the folder.
 */
public final class EmbeddedBroker implements AutoCloseable {

  private static final int NODE = 1;

  private final KafkaRaftServer server;
  private final String advertised;
  private final int port;

  private EmbeddedBroker(KafkaRaftServer server, String advertised, int port) {
    this.server = server;
    this.advertised = advertised;
    this.port = port;
  }

  /**
   * Starts a broker. A folder that has data is gone on with; no other broker may have it.
   *
   * @throws IOException if the folder cannot be used, or the port is taken
   */
  public static EmbeddedBroker start(BrokerSettings settings) throws IOException {
    return start(settings, List.of(), UnaryOperator.identity());
  }

  /**
   * The same with other properties.
   *
   * @param users that may come in by SCRAM, as Kafka's formatter has them, if the folder is new
   * @param change of the broker's properties
   */
  static EmbeddedBroker start(
      BrokerSettings settings, List<String> users, UnaryOperator<Map<String, String>> change)
      throws IOException {
    var port = settings.port() == 0 ? freePort() : settings.port();
    // A port of 0 for the controller would leave it waiting for itself.
    var controller = "127.0.0.1:" + freePort();
    var config = change.apply(config(settings, port, controller));
    var known = Files.exists(metadata(settings.folder()));
    Files.createDirectories(settings.folder());
    format(settings.folder(), users);
    if (known) {
      new FormerBroker(NODE, controller).forget(config);
    }
    var server = new KafkaRaftServer(new KafkaConfig(config), Time.SYSTEM);
    try {
      server.startup();
    } catch (RuntimeException failed) {
      // Its threads are no daemons.
      server.shutdown();
      throw new IOException("the broker cannot start: " + reason(failed), failed);
    }
    return new EmbeddedBroker(server, settings.advertised(), port);
  }

  /** What went wrong, as Kafka says it. */
  static String reason(RuntimeException failed) {
    var cause = failed.getCause();
    return String.valueOf(
        failed instanceof KafkaException && cause != null
            ? cause.getMessage()
            : failed.getMessage());
  }

  /** Where clients find it. */
  public String address() {
    return advertised + ":" + port;
  }

  /** The port it listens on. */
  public int port() {
    return port;
  }

  /** The file that a folder has whose data a broker has written. */
  private static Path metadata(Path folder) {
    return folder.resolve("meta.properties");
  }

  /** The cluster whose data is in the folder, or a new one. */
  private static String clusterId(Path folder) throws IOException {
    var known = metadata(folder);
    if (!Files.exists(known)) {
      return Uuid.randomUuid().toString();
    }
    var properties = new Properties();
    try (var text = Files.newBufferedReader(known)) {
      properties.load(text);
    }
    return properties.getProperty("cluster.id", "");
  }

  private static void format(Path folder, List<String> users) throws IOException {
    try (var nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      new Formatter()
          .setPrintStream(nowhere)
          .setClusterId(clusterId(folder))
          .setNodeId(NODE)
          .setControllerListenerName("CONTROLLER")
          .setMetadataLogDirectory(folder.toString())
          .addDirectory(folder.toString())
          .setReleaseVersion(MetadataVersion.latestProduction())
          .setIgnoreFormatted(true)
          .setScramArguments(users)
          .run();
    } catch (IOException failed) {
      throw failed;
    } catch (Exception failed) {
      throw new IOException("the folder of the broker cannot be used: " + failed, failed);
    }
  }

  private static Map<String, String> config(BrokerSettings settings, int port, String controller) {
    var config = new HashMap<String, String>();
    config.put("process.roles", "broker,controller");
    config.put("node.id", String.valueOf(NODE));
    config.put("controller.quorum.voters", NODE + "@" + controller);
    config.put("controller.listener.names", "CONTROLLER");
    config.put(
        "listeners", "PLAINTEXT://" + settings.host() + ":" + port + ",CONTROLLER://" + controller);
    config.put("advertised.listeners", "PLAINTEXT://" + settings.advertised() + ":" + port);
    config.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    config.put("log.dirs", settings.folder().toString());
    internalTopics(config);
    boundedLogs(config);
    config.put("log.cleaner.dedupe.buffer.size", "2097152");
    config.put("group.initial.rebalance.delay.ms", "0");
    // A member of a share group has its first job after two heartbeats.
    config.put("group.share.min.heartbeat.interval.ms", "500");
    config.put("group.share.heartbeat.interval.ms", "500");
    // Each slot is a member of the group of its pool, and has a session. No more is allowed.
    config.put("group.share.max.size", "1000");
    config.put("group.share.max.share.sessions", "10000");
    config.put("group.min.session.timeout.ms", "1000");
    leadsAlways(config);
    return config;
  }

  /**
   * Nobody could lead in its place: so it does while it is there, however long it was frozen, and
   * until it has ended. What {@link FormerBroker} tells of would happen then as well.
   */
  private static void leadsAlways(Map<String, String> config) {
    config.put("broker.session.timeout.ms", String.valueOf(Integer.MAX_VALUE));
    config.put("broker.heartbeat.interval.ms", "500");
    config.put("controlled.shutdown.enable", "false");
  }

  /**
   * Bounds what topics without a bound of their own take of the disk. Only whole segments are
   * deleted, so they are small, and none is written to for longer than a day.
   */
  private static void boundedLogs(Map<String, String> config) {
    config.put("log.retention.bytes", String.valueOf(128L << 20));
    config.put("log.segment.bytes", String.valueOf(32 << 20));
    config.put("log.roll.hours", "24");
    config.put("metadata.max.retention.bytes", String.valueOf(64L << 20));
    config.put("metadata.log.segment.bytes", String.valueOf(16 << 20));
  }

  /** The topics Kafka has for itself: one copy, for there is one broker. */
  private static void internalTopics(Map<String, String> config) {
    // Somebody waits for a build whenever one of these waits: the defaults spare a busy cluster.
    config.put("add.partitions.to.txn.retry.backoff.ms", "2");
    config.put("group.coordinator.append.linger.ms", "0");
    config.put("share.coordinator.append.linger.ms", "0");
    config.put("offsets.topic.replication.factor", "1");
    config.put("offsets.topic.num.partitions", "1");
    config.put("transaction.state.log.replication.factor", "1");
    config.put("transaction.state.log.min.isr", "1");
    config.put("transaction.state.log.num.partitions", "1");
    config.put("share.coordinator.state.topic.replication.factor", "1");
    config.put("share.coordinator.state.topic.min.isr", "1");
    config.put("share.coordinator.state.topic.num.partitions", "1");
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Ends it; returns when its files are closed. */
  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }
}
