package dev.birgus.cli.endtoend;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A proxy on loopback by which names of the world lead to servers of the test. Names it was not
 * told of do not exist, so that no test reaches the world.
 */
final class Tunnels implements AutoCloseable {

  private final ServerSocket listener;
  private final Map<String, String> places = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  Tunnels() throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    var _ = threads.submit(this::accept);
  }

  /** Leads a name, at the port of https, to a host and port. */
  Tunnels lead(String name, String place) {
    places.put(name + ":443", place);
    return this;
  }

  /** What {@code HTTPS_PROXY} has to be. */
  String address() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  /** The names that were asked for. */
  List<String> asked() {
    return List.copyOf(asked);
  }

  private Void accept() throws IOException {
    while (!listener.isClosed()) {
      var socket = listener.accept();
      var _ = threads.submit(() -> serve(socket));
    }
    return null;
  }

  private Void serve(Socket client) throws IOException {
    try (client) {
      var words = head(client.getInputStream()).split(" ");
      var target = words.length > 1 && words[0].equals("CONNECT") ? words[1] : "";
      asked.add(target);
      var place = places.get(target);
      if (place == null) {
        client.getOutputStream().write("HTTP/1.1 502 No Such Name\r\n\r\n".getBytes(ISO_8859_1));
        return null;
      }
      var colon = place.lastIndexOf(':');
      try (var server =
          new Socket(place.substring(0, colon), Integer.parseInt(place.substring(colon + 1)))) {
        client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(ISO_8859_1));
        var _ =
            threads.submit(() -> {
              client.getInputStream().transferTo(server.getOutputStream());
              server.shutdownOutput();
              return null;
            });
        server.getInputStream().transferTo(client.getOutputStream());
      }
    }
    return null;
  }

  private static String head(InputStream input) throws IOException {
    var text = new StringBuilder();
    while (!text.toString().endsWith("\r\n\r\n")) {
      var next = input.read();
      if (next < 0) {
        throw new IOException("cut");
      }
      text.append((char) next);
    }
    return text.toString();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    threads.shutdownNow();
  }
}
