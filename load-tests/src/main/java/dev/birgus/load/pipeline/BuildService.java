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
  private final int brokerPort = freePort();
  private final List<ServerProcess> nodes = new ArrayList<>();
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
    this(folder, means, SERVE, List.of(more));
  }

  private BuildService(Path folder, Means means, String main, List<String> more)
      throws IOException, InterruptedException {
    this.folder = Files.createDirectories(folder);
    this.means = means;
    Files.writeString(folder.resolve("tokens"), "submit " + Builds.TOKEN + "\n");
    Files.createDirectories(folder.resolve("blobs"));
    var words = new ArrayList<>(more);
    words.add("--broker-listen=127.0.0.1:" + brokerPort);
    this.head = start("head", main, ALL_ROLES, words);
    head.awaitReady();
  }

  /** A service of one process whose bus is in its memory; there is no broker. */
  static BuildService inMemory(Path folder, Means means) throws IOException, InterruptedException {
    return new BuildService(folder, means, ServerInMemory.class.getName(), List.of());
  }

  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Adds an executor node with so many slots, and waits until it is ready. */
  ServerProcess addNode(String name, int slots) throws IOException, InterruptedException {
    var words = List.of("--kafka=127.0.0.1:" + brokerPort, "--slots=" + slots);
    var node = start(name, SERVE, "executor", words);
    nodes.add(node);
    node.awaitReady();
    return node;
  }

  private ServerProcess start(String name, String main, String roles, List<String> more)
      throws IOException {
    var health = freePort();
    var command = new ArrayList<>(means.java());
    command.addAll(
        List.of(
            main,
            "serve",
            "--roles=" + roles,
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

  /** The node of that name. */
  ServerProcess node(String name) {
    return nodes.stream().filter(each -> each.name().equals(name)).findAny().orElseThrow();
  }

  /** A client of it. */
  Builds builds(Path context) throws IOException, InterruptedException {
    return Builds.of("http://127.0.0.1:" + apiPort, means.registry(), context);
  }

  @Override
  public void close() {
    nodes.forEach(ServerProcess::close);
    head.close();
  }
}
