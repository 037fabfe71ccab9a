package dev.birgus.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A way to a port of this machine on which at most {@value #BYTES_A_SECOND} bytes a second go out,
 * those of all connections together.
 */
final class SlowLink implements AutoCloseable {

  static final int BYTES_A_SECOND = 20_000_000;

  private static final int PIECE = 64 * 1024;

  private final ServerSocket server;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private long free = System.nanoTime();

  private SlowLink(ServerSocket server, int target) {
    this.server = server;
    this.target = target;
  }

  /** Opens a way to this port. */
  static SlowLink open(int target) throws IOException {
    var link = new SlowLink(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target);
    Thread.ofVirtual().start(link::accept);
    return link;
  }

  /** Host and port. */
  String host() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        var near = server.accept();
        var far = new Socket(InetAddress.getLoopbackAddress(), target);
        open.add(near);
        open.add(far);
        Thread.ofVirtual().start(() -> relay(near, far, true));
        Thread.ofVirtual().start(() -> relay(far, near, false));
      }
    } catch (IOException closed) {
      // The end of the benchmark.
    }
  }

  private void relay(Socket from, Socket to, boolean slowly) {
    try (from;
        to) {
      var buffer = new byte[PIECE];
      var in = from.getInputStream();
      var out = to.getOutputStream();
      for (var n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (slowly) {
          waitFor(n);
        }
        out.write(buffer, 0, n);
      }
      to.shutdownOutput();
    } catch (IOException | InterruptedException ended) {
      // One side has gone: so does the other.
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  /** Waits until so many bytes may have gone. */
  private void waitFor(int bytes) throws InterruptedException {
    long until;
    synchronized (this) {
      free = Math.max(free, System.nanoTime()) + bytes * 1_000_000_000L / BYTES_A_SECOND;
      until = free;
    }
    TimeUnit.NANOSECONDS.sleep(until - System.nanoTime());
  }

  @Override
  public void close() {
    try {
      server.close();
      for (var socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
