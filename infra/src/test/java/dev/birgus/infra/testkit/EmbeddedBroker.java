package dev.birgus.infra.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/** A real Kafka broker in this JVM, on loopback, with its data in a folder that outlives it. */
public final class EmbeddedBroker implements AutoCloseable {

  private static final int NODE = 1;

  private final KafkaRaftServer server;
  private final int port;

  private EmbeddedBroker(KafkaRaftServer server, int port) {
    this.server = server;
    this.port = port;
  }

  /** Starts a broker on a free port. A folder that has data is gone on with. */
  public static EmbeddedBroker start(Path folder) throws IOException {
    return start(folder, freePort());
  }

  /** Starts a broker on this port, as one that has been there before has to. */
  public static EmbeddedBroker start(Path folder, int port) throws IOException {
    Files.createDirectories(folder);
    var controllerPort = freePort();
    format(folder);
    var server =
        new KafkaRaftServer(new KafkaConfig(config(folder, port, controllerPort)), Time.SYSTEM);
    try {
      server.startup();
    } catch (RuntimeException failed) {
      // Its threads are no daemons.
      server.shutdown();
      throw failed;
    }
    return new EmbeddedBroker(server, port);
  }

  /** Where clients find it. */
  public String address() {
    return "localhost:" + port;
  }

  /** The port it listens on. */
  public int port() {
    return port;
  }

  private static void format(Path folder) throws IOException {
    try (var nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      new Formatter()
          .setPrintStream(nowhere)
          .setClusterId(Uuid.randomUuid().toString())
          .setNodeId(NODE)
          .setControllerListenerName("CONTROLLER")
          .setMetadataLogDirectory(folder.toString())
          .addDirectory(folder.toString())
          .setReleaseVersion(MetadataVersion.latestProduction())
          .setIgnoreFormatted(true)
          .run();
    } catch (IOException | RuntimeException failed) {
      throw failed;
    } catch (Exception failed) {
      throw new IOException(failed);
    }
  }

  private static Map<String, String> config(Path folder, int port, int controllerPort) {
    var config = new HashMap<String, String>();
    config.put("process.roles", "broker,controller");
    config.put("node.id", String.valueOf(NODE));
    config.put("controller.quorum.voters", NODE + "@localhost:" + controllerPort);
    config.put("controller.listener.names", "CONTROLLER");
    config.put(
        "listeners", "PLAINTEXT://localhost:" + port + ",CONTROLLER://localhost:" + controllerPort);
    config.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    config.put("log.dirs", folder.toString());
    for (var topic : new String[] {"offsets", "transaction.state", "share.coordinator.state"}) {
      config.put(topic + ".topic.replication.factor", "1");
    }
    config.put("transaction.state.log.replication.factor", "1");
    config.put("transaction.state.log.min.isr", "1");
    config.put("transaction.state.log.num.partitions", "1");
    config.put("share.coordinator.state.topic.min.isr", "1");
    config.put("share.coordinator.state.topic.num.partitions", "1");
    config.put("offsets.topic.num.partitions", "1");
    config.put("log.cleaner.dedupe.buffer.size", "2097152");
    config.put("group.initial.rebalance.delay.ms", "0");
    // A member of a share group has its first job after two heartbeats.
    config.put("group.share.min.heartbeat.interval.ms", "500");
    config.put("group.share.heartbeat.interval.ms", "500");
    config.put("group.min.session.timeout.ms", "1000");
    return config;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }
}
