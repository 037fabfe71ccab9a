package dev.birgus.load.chaos;

import dev.birgus.infra.bus.kafka.KafkaSettings;
import dev.birgus.infra.testkit.BrokerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A build service of several processes in one folder: registry, broker and servers by role. */
final class Site implements AutoCloseable {

  static final String TOKEN = "a-token-of-the-fault-suite";
  private static final Duration START = Duration.ofMinutes(3);

  private final Path folder;
  private final int registryPort = freePort();
  private final int brokerPort = freePort();
  private final int apiPort = freePort();
  private final List<Child> children = new CopyOnWriteArrayList<>();
  private final Map<Child, String> servers = new ConcurrentHashMap<>();

  Site(Path folder) throws IOException {
    this.folder = folder;
    for (var each : List.of("logs", "blobs", "registry")) {
      Files.createDirectories(folder.resolve(each));
    }
    Files.writeString(folder.resolve("tokens"), "submit " + TOKEN + "\n");
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  String registry() {
    return "127.0.0.1:" + registryPort;
  }

  String api() {
    return "127.0.0.1:" + apiPort;
  }

  KafkaSettings kafka() {
    return KafkaSettings.at("127.0.0.1:" + brokerPort).withPartitions(3);
  }

  /** Starts the registry. */
  void startRegistry() throws IOException, InterruptedException {
    var config = folder.resolve("registry.yml");
    Files.writeString(
        config,
        """
        version: 0.1
        log: {level: error}
        storage: {filesystem: {rootdirectory: %s}, delete: {enabled: true}}
        http: {addr: "127.0.0.1:%d"}
        """
            .formatted(folder.resolve("registry"), registryPort));
    start("registry", List.of("docker-registry", "serve", config.toString()));
    awaitAnswer("http://" + registry() + "/v2/");
  }

  Child startBroker() throws IOException {
    var data = folder.resolve("broker").toString();
    return start("broker", java(BrokerProcess.class.getName(), data, String.valueOf(brokerPort)));
  }

  /** Starts a server; returns before it is ready. */
  Child startServer(String name, String roles, String... more) throws IOException {
    return startServer(name, roles, 0, more);
  }

  /**
   * Starts a server with a clock of its own; returns before it is ready.
   *
   * @param secondsOff what its clock is ahead of that of the others
   */
  Child startServer(String name, String roles, int secondsOff, String... more) throws IOException {
    var command = new ArrayList<String>();
    command.add("dev.birgus.cli.Main");
    command.addAll(
        List.of(
            "serve",
            "--roles=" + roles,
            "--node-name=" + name,
            "--state-dir=" + folder.resolve(name),
            "--kafka=127.0.0.1:" + brokerPort,
            "--kafka-partitions=3",
            "--blobs=dir:" + folder.resolve("blobs"),
            "--api-listen=" + api(),
            "--api-tokens=" + folder.resolve("tokens"),
            "--health-listen=127.0.0.1:" + freePort(),
            "--registry-insecure=" + registry(),
            "--grace=5s"));
    command.addAll(List.of(more));
    var server = start(name, java(command.toArray(String[]::new)), secondsOff);
    servers.put(server, roles);
    return server;
  }

  List<Child> servers() {
    return servers.keySet().stream().sorted(Comparator.comparing(Child::name)).toList();
  }

  /** The servers of each role, in the same order every time. */
  List<List<Child>> roles() {
    var roles = new TreeMap<String, List<Child>>();
    servers()
        .forEach(each ->
            roles
                .computeIfAbsent(servers.getOrDefault(each, ""), _ -> new ArrayList<>())
                .add(each));
    return List.copyOf(roles.values());
  }

  Optional<Child> server(String name) {
    return servers.keySet().stream().filter(each -> each.name().equals(name)).findFirst();
  }

  /** Where each process has its log. */
  Path logs() {
    return folder.resolve("logs");
  }

  /** It has left for good. */
  void forget(Child server) {
    servers.remove(server);
  }

  private static List<String> java(String... arguments) {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path")));
    command.addAll(List.of(arguments));
    return command;
  }

  private Child start(String name, List<String> command) throws IOException {
    return start(name, command, 0);
  }

  private Child start(String name, List<String> command, int secondsOff) throws IOException {
    var child = Child.start(name, command, logs().resolve(name + ".log"), secondsOff);
    children.add(child);
    return child;
  }

  /** Waits until the broker listens. */
  void awaitBroker() throws IOException, InterruptedException {
    var end = Instant.now().plus(START);
    while (Instant.now().isBefore(end)) {
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), brokerPort), 1_000);
        return;
      } catch (IOException notYet) {
        TimeUnit.MILLISECONDS.sleep(100);
      }
    }
    throw new IOException("the broker does not listen");
  }

  private static void awaitAnswer(String address) throws IOException, InterruptedException {
    var end = Instant.now().plus(START);
    try (var http = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create(address)).build();
      while (Instant.now().isBefore(end)) {
        try {
          http.send(request, BodyHandlers.discarding());
          return;
        } catch (IOException notYet) {
          TimeUnit.MILLISECONDS.sleep(200);
        }
      }
    }
    throw new IOException("nobody answers at " + address);
  }

  /** Ends all processes, the broker last; the names of those that had to be killed. */
  List<String> end() throws IOException, InterruptedException {
    var stubborn = new CopyOnWriteArrayList<String>();
    var ending = new ArrayList<Thread>();
    for (var server : servers()) {
      ending.add(
          Thread.ofPlatform()
              .start(() -> {
                try {
                  server.thaw();
                  if (!server.end()) {
                    stubborn.add(server.name());
                  }
                } catch (IOException | InterruptedException cut) {
                  stubborn.add(server.name() + ": " + cut);
                }
              }));
    }
    for (var each : ending) {
      each.join();
    }
    for (var child : children.reversed()) {
      if (child.isAlive()) {
        child.end();
      }
    }
    return List.copyOf(stubborn);
  }

  @Override
  public void close() {
    for (var child : children) {
      try {
        child.kill();
      } catch (IOException notTidied) {
        System.err.println(child.name() + ": " + notTidied);
      } catch (InterruptedException hurried) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
