package dev.birgus.load.pipeline;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A build service on loopback: one process with broker, API, planner and pusher, and as many
 * executor nodes beside it as are wanted. All is kept in one folder.
 */
final class BuildService implements AutoCloseable {

  private static final String ALL_ROLES = "ingest,planner,executor,pusher";
  private static final String SERVE = "dev.birgus.cli.Main";

  private final Path folder;
  private final Means means;
  private final int apiPort = freePort();
  private final int brokerPort = freePort();
  private final List<ServerProcess> others = new ArrayList<>();
  private final ServerProcess head;

  /**
   * What a service is made with.
   *
   * @param java the program and its options, with a class path that has all of birgus
   * @param registry without TLS, where images go
   */
  record Means(List<String> java, String registry) {
    Means {
      java = List.copyOf(java);
    }
  }

  /**
   * Starts the first process and waits until it is ready.
   *
   * @param more flags of it
   */
  BuildService(Path folder, Means means, String... more) throws IOException, InterruptedException {
    this(folder, means, new Program(SERVE, ALL_ROLES), List.of(more));
  }

  /** What a process runs, and its roles in the service. */
  private record Program(String main, String roles) {}

  private BuildService(Path folder, Means means, Program program, List<String> more)
      throws IOException, InterruptedException {
    this.folder = Files.createDirectories(folder);
    this.means = means;
    Files.writeString(folder.resolve("tokens"), "submit " + Builds.TOKEN + "\n");
    Files.createDirectories(folder.resolve("blobs"));
    var words = new ArrayList<>(more);
    words.add("--broker-listen=127.0.0.1:" + brokerPort);
    this.head = start("head", program, words);
    head.awaitReady();
  }

  /** A service of one process whose bus is in its memory; there is no broker. */
  static BuildService inMemory(Path folder, Means means) throws IOException, InterruptedException {
    var program = new Program(ServerInMemory.class.getName(), ALL_ROLES);
    return new BuildService(folder, means, program, List.of());
  }

  /** A service whose roles are processes of their own; the API is in one with the broker. */
  static BuildService byRoles(Path folder, Means means) throws IOException, InterruptedException {
    var service = new BuildService(folder, means, new Program(SERVE, "ingest"), List.of());
    service.add("planner", "planner");
    service.add("pusher", "pusher");
    service.addNode("executor", 2);
    return service;
  }

  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Adds an executor node with so many slots, and waits until it is ready. */
  ServerProcess addNode(String name, int slots) throws IOException, InterruptedException {
    return add(name, "executor", "--slots=" + slots);
  }

  private ServerProcess add(String name, String role, String... more)
      throws IOException, InterruptedException {
    var words = new ArrayList<>(List.of(more));
    words.add("--kafka=127.0.0.1:" + brokerPort);
    var server = start(name, new Program(SERVE, role), words);
    others.add(server);
    server.awaitReady();
    return server;
  }

  private ServerProcess start(String name, Program program, List<String> more) throws IOException {
    var health = freePort();
    var command = new ArrayList<>(means.java());
    command.addAll(
        List.of(
            program.main(),
            "serve",
            "--roles=" + program.roles(),
            "--node-name=" + name,
            "--state-dir=" + folder.resolve(name),
            "--blobs=dir:" + folder.resolve("blobs"),
            "--api-listen=127.0.0.1:" + apiPort,
            "--api-tokens=" + folder.resolve("tokens"),
            "--health-listen=127.0.0.1:" + health,
            "--registry-insecure=" + means.registry(),
            "--grace=1s"));
    command.addAll(more);
    return ServerProcess.start(name, command, folder.resolve(name + ".log"), health);
  }

  /** The process with the API. */
  ServerProcess head() {
    return head;
  }

  /** All processes, the one with the API first. */
  List<ServerProcess> servers() {
    return Stream.concat(Stream.of(head), others.stream()).toList();
  }

  /** The node of that name. */
  ServerProcess node(String name) {
    return others.stream().filter(each -> each.name().equals(name)).findAny().orElseThrow();
  }

  /** A client of it. */
  Builds builds(Path context) throws IOException, InterruptedException {
    return Builds.of("http://127.0.0.1:" + apiPort, means.registry(), context);
  }

  @Override
  public void close() {
    others.forEach(ServerProcess::close);
    head.close();
  }
}
