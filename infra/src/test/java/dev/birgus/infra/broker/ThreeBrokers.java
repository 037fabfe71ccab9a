package dev.birgus.infra.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/** A cluster of three real Kafka brokers in this JVM, on loopback, each a controller as well. */
public final class ThreeBrokers implements AutoCloseable {

  private static final int SIZE = 3;

  private final Path folder;
  private final String cluster = Uuid.randomUuid().toString();
  private final List<Integer> ports;
  private final List<Integer> controllers;
  private final Map<Integer, KafkaRaftServer> running = new HashMap<>();

  private ThreeBrokers(Path folder) throws IOException {
    this.folder = folder;
    var free = freePorts(2 * SIZE);
    this.ports = free.subList(0, SIZE);
    this.controllers = free.subList(SIZE, 2 * SIZE);
  }

  /** Starts all of them; returns when each of them is one of the cluster. */
  public static ThreeBrokers start(Path folder) throws Exception {
    var brokers = new ThreeBrokers(folder);
    for (var number = 0; number < SIZE; number++) {
      brokers.format(number);
    }
    try {
      // None is up before a majority of controllers is.
      var starting =
          IntStream.range(0, SIZE)
              .mapToObj(number -> Thread.ofPlatform().daemon().start(() -> brokers.start(number)))
              .toList();
      for (var each : starting) {
        each.join();
      }
      if (brokers.running.size() < SIZE) {
        throw new IOException("only " + brokers.running.keySet() + " have started");
      }
      return brokers;
    } catch (IOException | InterruptedException failed) {
      brokers.close();
      throw failed;
    }
  }

  private static List<Integer> freePorts(int number) throws IOException {
    var sockets = new ArrayList<ServerSocket>();
    try {
      for (var each = 0; each < number; each++) {
        sockets.add(new ServerSocket(0));
      }
      return sockets.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (var each : sockets) {
        each.close();
      }
    }
  }

  private Path folder(int number) {
    return folder.resolve("broker-" + number);
  }

  private void format(int number) throws Exception {
    Files.createDirectories(folder(number));
    try (var nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      new Formatter()
          .setPrintStream(nowhere)
          .setClusterId(cluster)
          .setNodeId(number)
          .setControllerListenerName("CONTROLLER")
          .setMetadataLogDirectory(folder(number).toString())
          .addDirectory(folder(number).toString())
          .setReleaseVersion(MetadataVersion.latestProduction())
          .run();
    }
  }

  private Map<String, String> config(int number) {
    var config = new HashMap<String, String>();
    config.put("process.roles", "broker,controller");
    config.put("node.id", String.valueOf(number));
    config.put(
        "controller.quorum.voters",
        IntStream.range(0, SIZE)
            .mapToObj(each -> each + "@127.0.0.1:" + controllers.get(each))
            .collect(Collectors.joining(",")));
    config.put("controller.listener.names", "CONTROLLER");
    config.put(
        "listeners",
        "PLAINTEXT://127.0.0.1:"
            + ports.get(number)
            + ",CONTROLLER://127.0.0.1:"
            + controllers.get(number));
    config.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    config.put("log.dirs", folder(number).toString());
    config.put("log.cleaner.dedupe.buffer.size", "2097152");
    config.put("group.initial.rebalance.delay.ms", "0");
    config.put("group.share.min.heartbeat.interval.ms", "500");
    config.put("group.share.heartbeat.interval.ms", "500");
    config.put("group.min.session.timeout.ms", "1000");
    // Copies of these three are as brokers have them if nobody says anything: three.
    config.put("offsets.topic.num.partitions", "1");
    config.put("transaction.state.log.num.partitions", "1");
    config.put("share.coordinator.state.topic.num.partitions", "1");
    return config;
  }

  private void start(int number) {
    var server = new KafkaRaftServer(new KafkaConfig(config(number)), Time.SYSTEM);
    synchronized (running) {
      running.put(number, server);
    }
    server.startup();
  }

  /** Ends a broker as an operator does, and starts it again on its data; returns when it is up. */
  public void restart(int number) {
    stop(number);
    start(number);
  }

  private void stop(int number) {
    KafkaRaftServer server;
    synchronized (running) {
      server = running.remove(number);
    }
    if (server != null) {
      server.shutdown();
      server.awaitShutdown();
    }
  }

  /** How many there are; their numbers begin with 0. */
  public int size() {
    return SIZE;
  }

  /** Where clients find them. */
  public String address() {
    return ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
  }

  @Override
  public void close() {
    // The last to go leads whatever is left, and has nobody to hand it over to.
    var ending =
        List.copyOf(running.keySet()).stream()
            .map(number -> Thread.ofPlatform().daemon().start(() -> stop(number)))
            .toList();
    for (var each : ending) {
      try {
        each.join();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
