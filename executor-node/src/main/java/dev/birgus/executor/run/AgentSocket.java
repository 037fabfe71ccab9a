package dev.birgus.executor.run;

import dev.birgus.executor.files.FileAttributes;
import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.files.ShortPath;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A Unix socket of a step that leads to one of the node, of an SSH agent. It has owner and mode of
 * its own, and is gone with the step: nobody can keep it.
 */
public final class AgentSocket implements AutoCloseable {

  private static final String NAME = "agent";
  private static final int BUFFER = 16 * 1024;

  private final Path folder;
  private final Path agent;
  private final ServerSocketChannel server;
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

  private AgentSocket(Path folder, Path agent, ServerSocketChannel server) {
    this.folder = folder;
    this.agent = agent;
    this.server = server;
  }

  /**
   * Listens.
   *
   * @param folder empty; the socket is made in it
   * @param agent the socket of the node, which is connected to for each connection
   */
  public static AgentSocket listen(Path folder, Path agent, FileAttributes attributes)
      throws IOException {
    var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try (var address = ShortPath.of(folder);
        var files = LinuxFileSystem.open(folder)) {
      server.bind(UnixDomainSocketAddress.of(address.resolve(NAME)));
      files.setAttributes(
          NAME,
          new FileAttributes(
              attributes.mode(),
              attributes.uid(),
              attributes.gid(),
              attributes.modified(),
              Collections.emptySortedMap()));
    } catch (IOException | RuntimeException failed) {
      server.close();
      throw failed;
    }
    var socket = new AgentSocket(folder, agent, server);
    Thread.ofVirtual().name("birgus-agent").start(socket::accept);
    return socket;
  }

  /** Where the socket is. */
  public Path path() {
    return folder.resolve(NAME);
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        var client = server.accept();
        open.add(client);
        Thread.ofVirtual().name("birgus-agent").start(() -> serve(client));
      } catch (IOException closed) {
        // The next look at the server says whether it is its end or that of one connection.
      }
    }
  }

  private void serve(SocketChannel client) {
    try (client;
        var upstream = connect()) {
      open.add(upstream);
      var back = Thread.ofVirtual().start(() -> pump(upstream, client));
      pump(client, upstream);
      back.join();
    } catch (IOException | InterruptedException gone) {
      // The command sees its connection end, as when an agent dies.
    } finally {
      open.remove(client);
    }
  }

  private SocketChannel connect() throws IOException {
    var directory = agent.toAbsolutePath().getParent();
    if (directory == null) {
      throw new IOException("not a socket: " + agent);
    }
    try (var address = ShortPath.of(directory)) {
      return SocketChannel.open(
          UnixDomainSocketAddress.of(address.resolve(agent.getFileName().toString())));
    }
  }

  private void pump(SocketChannel from, SocketChannel to) {
    var buffer = ByteBuffer.allocate(BUFFER);
    try {
      while (from.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          to.write(buffer);
        }
        buffer.clear();
      }
      to.shutdownOutput();
    } catch (IOException ended) {
      closeQuietly(from);
      closeQuietly(to);
    } finally {
      open.remove(from);
    }
  }

  private static void closeQuietly(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException useless) {
      // It is given up in any case.
    }
  }

  /** Ends all connections. */
  @Override
  public void close() throws IOException {
    server.close();
    open.forEach(AgentSocket::closeQuietly);
  }
}
