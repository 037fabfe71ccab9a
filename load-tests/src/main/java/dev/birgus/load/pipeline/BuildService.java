package dev.birgus.load.pipeline;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
  private final String broker;

  /** Those that others need before those that need them. */
  private final List<ServerProcess> servers = new ArrayList<>();

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

  /** A process, what it runs, and its roles in the service. */
  private record Program(String name, String main, String roles) {}

  /**
   * Starts the first process and waits until it is ready.
   *
   * @param more flags of it
   */
  BuildService(Path folder, Means means, String... more) throws IOException, InterruptedException {
    this(folder, means, new Program("head", SERVE, ALL_ROLES), List.of(more));
  }

  /** The same with another first process, which has the broker. */
  private BuildService(Path folder, Means means, Program program, List<String> more)
      throws IOException, InterruptedException {
    this.folder = prepared(folder);
    this.means = means;
    this.broker = "127.0.0.1:" + freePort();
    var words = new ArrayList<>(more);
    words.add("--broker-listen=" + broker);
    this.head = started(program, words);
  }

  /** One whose first process has the API, and whose broker is another's. */
  private BuildService(Path folder, Means means, BuildService other)
      throws IOException, InterruptedException {
    this.folder = prepared(folder);
    this.means = means;
    this.broker = other.broker;
    servers.add(other.head);
    var program = new Program("ingest", SERVE, "ingest");
    this.head = started(program, List.of("--kafka=" + broker));
  }

  private static Path prepared(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("blobs"));
    Files.writeString(folder.resolve("tokens"), "submit " + Builds.TOKEN + "\n");
    return folder;
  }

  /** A service of one process whose bus is in its memory; there is no broker. */
  static BuildService inMemory(Path folder, Means means) throws IOException, InterruptedException {
    var program = new Program("head", ServerInMemory.class.getName(), ALL_ROLES);
    return new BuildService(folder, means, program, List.of());
  }

  /** A service whose roles are processes of their own, as is its broker. */
  static BuildService byRoles(Path folder, Means means) throws IOException, InterruptedException {
    // A server has a broker only if it has all roles; under another prefix it gets nothing to do.
    var idle = new Program("broker", SERVE, ALL_ROLES);
    var broker =
        new BuildService(folder.resolve("idle"), means, idle, List.of("--kafka-prefix=idle."));
    var service = new BuildService(folder, means, broker);
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
    words.add("--kafka=" + broker);
    return started(new Program(name, SERVE, role), words);
  }

  private ServerProcess started(Program program, List<String> more)
      throws IOException, InterruptedException {
    var name = program.name();
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
    var server = ServerProcess.start(name, command, folder.resolve(name + ".log"), health);
    servers.add(server);
    server.awaitReady();
    return server;
  }

  /** The process with the API. */
  ServerProcess head() {
    return head;
  }

  /** All processes. */
  List<ServerProcess> servers() {
    return List.copyOf(servers);
  }

  /** The node of that name. */
  ServerProcess node(String name) {
    return servers.stream().filter(each -> each.name().equals(name)).findAny().orElseThrow();
  }

  /** A client of it. */
  Builds builds(Path context) throws IOException, InterruptedException {
    return Builds.of("http://127.0.0.1:" + apiPort, means.registry(), context);
  }

  @Override
  public void close() {
    servers.reversed().forEach(ServerProcess::close);
  }
}
