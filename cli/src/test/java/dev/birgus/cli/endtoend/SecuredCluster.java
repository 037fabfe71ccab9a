package dev.birgus.cli.endtoend;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.broker.SecuredBroker;
import dev.birgus.infra.broker.SecuredBrokerProcess;
import dev.birgus.infra.testkit.RealRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A broker that wants TLS and a password, and servers that share the work: processes of their own,
 * which have each other's blobs over TLS.
 */
final class SecuredCluster implements AutoCloseable {

  static final String TOKEN = "the-token-of-a-cluster";

  private final Path folder;
  private final Path certificates;
  private final int broker = freePort();
  private final List<Integer> peers = List.of(freePort(), freePort(), freePort(), freePort());
  private final Deque<RunningProcess> open = new ArrayDeque<>();

  SecuredCluster(Path folder) throws IOException {
    this.folder = folder;
    this.certificates = Files.createDirectories(folder.resolve("tls"));
    RealRegistry.makeCertificates(certificates, "DNS:localhost,IP:127.0.0.1");
    Files.writeString(folder.resolve("tokens"), "submit " + TOKEN + "\n");
    Files.writeString(folder.resolve("token"), TOKEN + "\n");
    Files.writeString(folder.resolve("blobs-token"), "a-token-among-nodes\n");
    Files.writeString(folder.resolve("password"), SecuredBroker.PASSWORD + "\n");
    Files.writeString(folder.resolve("wrong-password"), "hunter2-hunter2\n");
  }

  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  Path authority() {
    return certificates.resolve("ca.pem");
  }

  Path token() {
    return folder.resolve("token");
  }

  /** Begins to start the broker. */
  RunningProcess startBroker() throws IOException {
    var java = Path.of(requireNonNull(System.getProperty("java.home")), "bin/java").toString();
    return kept(
        new RunningProcess(
            new ProcessBuilder(
                    java,
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Xmx400m",
                    "-cp",
                    requireNonNull(System.getProperty("java.class.path")),
                    SecuredBrokerProcess.class.getName(),
                    folder.resolve("broker").toString(),
                    certificates.toString(),
                    String.valueOf(broker))
                .redirectErrorStream(true)
                .start()));
  }

  /** Begins to start a server, a to d by its name, that knows the password in this file. */
  RunningProcess startServer(String name, String password, String... more) throws IOException {
    var flags = new ArrayList<String>();
    flags.add("serve");
    flags.add("--node-name=" + name);
    flags.add("--kafka=127.0.0.1:" + broker);
    flags.add("--kafka-partitions=3");
    flags.add("--blobs=" + place(peers.get((name.charAt(0) - 'a') % peers.size())));
    flags.add("--blobs-token=" + folder.resolve("blobs-token"));
    flags.add("--api-tokens=" + folder.resolve("tokens"));
    flags.add("--health-listen=127.0.0.1:" + freePort());
    flags.add("--grace=5s");
    for (var property : properties(password)) {
      flags.add("--kafka-client");
      flags.add(property);
    }
    flags.addAll(List.of(more));
    return kept(
        new RunningProcess(
            new BirgusProcess(folder.resolve(name), folder).start(flags.toArray(String[]::new))));
  }

  private List<String> properties(String password) {
    return List.of(
        "security.protocol=SASL_SSL",
        "sasl.mechanism=SCRAM-SHA-512",
        "ssl.truststore.type=PEM",
        "ssl.truststore.location=" + authority(),
        "sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required"
            + " username=\""
            + SecuredBroker.USER
            + "\" password=\"${file:"
            + folder.resolve(password)
            + "}\";");
  }

  private String place(int own) {
    var addresses = peers.stream().map(port -> "localhost:" + port).toList();
    return "peers:"
        + String.join(",", addresses)
        + "?listen=127.0.0.1:"
        + own
        + "&certificate="
        + certificates.resolve("server.pem")
        + "&key="
        + certificates.resolve("server.key")
        + "&ca="
        + authority();
  }

  /** Flags of an API that speaks TLS. */
  String[] withTls(int port) {
    return new String[] {
      "--api-listen=127.0.0.1:" + port,
      "--api-certificate=" + certificates.resolve("server.pem"),
      "--api-key=" + certificates.resolve("server.key")
    };
  }

  private RunningProcess kept(RunningProcess process) {
    open.push(process);
    return process;
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }
}
