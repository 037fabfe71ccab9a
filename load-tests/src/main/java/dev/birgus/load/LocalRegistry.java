package dev.birgus.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A docker-registry on loopback that keeps its blobs in a folder. */
final class LocalRegistry implements AutoCloseable {

  private static final int TRIES = 200;

  private final Process process;
  private final String host;

  private LocalRegistry(Process process, String host) {
    this.process = process;
    this.host = host;
  }

  /**
   * Starts a registry and waits until it listens.
   *
   * @param name of its files in the folder
   * @param http further members of its configuration's {@code http}, with a comma before each
   */
  static LocalRegistry start(Path folder, String name, String http)
      throws IOException, InterruptedException {
    int port;
    try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = probe.getLocalPort();
    }
    var config = folder.resolve(name + ".yml");
    Files.writeString(
        config,
        """
        version: 0.1
        log: {level: error}
        storage: {filesystem: {rootdirectory: %s}, delete: {enabled: true}}
        http: {addr: "127.0.0.1:%d"%s}
        """
            .formatted(folder.resolve(name), port, http));
    var process =
        new ProcessBuilder("docker-registry", "serve", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile())
            .start();
    for (var attempt = 0; attempt < TRIES; attempt++) {
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
        return new LocalRegistry(process, "127.0.0.1:" + port);
      } catch (IOException notYet) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
    process.destroyForcibly();
    throw new IOException("docker-registry does not listen on port " + port);
  }

  /** Host and port. */
  String host() {
    return host;
  }

  int port() {
    return Integer.parseInt(host.substring(host.indexOf(':') + 1));
  }

  @Override
  public void close() {
    process.destroy();
  }
}
