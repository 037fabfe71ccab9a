package dev.birgus.infra.registry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An HTTP proxy on loopback for absolute addresses and for CONNECT. It alone knows the hosts there
 * are, and remembers what it was asked and shown.
 */
final class SmallProxy implements AutoCloseable {

  /**
   * A request that came.
   *
   * @param line method and target
   * @param authorization what the proxy was shown; empty for nothing
   */
  record Asked(String line, String authorization) {}

  private final ServerSocket listener;
  private final String wanted;
  private final Map<String, String> hosts = new ConcurrentHashMap<>();
  private final Map<String, String> tunnels = new ConcurrentHashMap<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * A proxy.
   *
   * @param wanted the authorization it asks for; empty for none
   */
  SmallProxy(String wanted) throws IOException {
    this.wanted = wanted;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    var _ = threads.submit(this::accept);
  }

  String address() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  /** Answers CONNECT to this host and port with what is at another. */
  SmallProxy tunnelling(String host, String to) {
    tunnels.put(host, to);
    return this;
  }

  /** Asks another host for what is asked of this one. */
  SmallProxy leading(String host, String to) {
    hosts.put(host, to);
    return this;
  }

  List<Asked> asked() {
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
      var head = head(client.getInputStream());
      var lines = head.split("\r\n");
      var words = lines[0].split(" ");
      var shown = header(lines, "proxy-authorization");
      asked.add(new Asked(words[0] + " " + words[1], shown));
      var output = client.getOutputStream();
      if (!shown.equals(wanted)) {
        answer(
            output, "407 Proxy Authentication Required", "Proxy-Authenticate: Basic realm=\"x\"");
      } else if (words[0].equals("CONNECT")) {
        connect(client, words[1]);
      } else {
        forward(client, lines, words);
      }
    }
    return null;
  }

  private void connect(Socket client, String target) throws IOException {
    var place = tunnels.get(target);
    if (place == null) {
      answer(client.getOutputStream(), "403 Forbidden", "X: y");
      return;
    }
    try (var server = open(place)) {
      client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(ISO_8859_1));
      both(client, server);
    }
  }

  private void forward(Socket client, String[] lines, String[] words) throws IOException {
    var slash = words[1].indexOf('/', "http://".length());
    var host = words[1].substring("http://".length(), slash);
    var place = hosts.get(host.contains(":") ? host : host + ":80");
    if (place == null) {
      answer(client.getOutputStream(), "502 Bad Gateway", "X: y");
      return;
    }
    try (var server = open(place)) {
      var request = new StringBuilder(words[0] + " " + words[1].substring(slash) + " HTTP/1.1\r\n");
      for (var i = 1; i < lines.length; i++) {
        var name = lines[i].toLowerCase(Locale.ROOT);
        if (!name.startsWith("connection:") && !name.startsWith("proxy-")) {
          request.append(lines[i]).append("\r\n");
        }
      }
      request.append("Connection: close\r\n\r\n");
      server.getOutputStream().write(request.toString().getBytes(ISO_8859_1));
      both(client, server);
    }
  }

  private void both(Socket client, Socket server) throws IOException {
    var _ =
        threads.submit(() -> {
          client.getInputStream().transferTo(server.getOutputStream());
          return null;
        });
    server.getInputStream().transferTo(client.getOutputStream());
  }

  private static Socket open(String place) throws IOException {
    var colon = place.lastIndexOf(':');
    return new Socket(place.substring(0, colon), Integer.parseInt(place.substring(colon + 1)));
  }

  private static void answer(OutputStream output, String status, String header) throws IOException {
    var text = "HTTP/1.1 " + status + "\r\n" + header + "\r\nContent-Length: 0\r\n\r\n";
    output.write(text.getBytes(ISO_8859_1));
  }

  private static String header(String[] lines, String name) {
    for (var line : lines) {
      if (line.toLowerCase(Locale.ROOT).startsWith(name + ":")) {
        return line.substring(name.length() + 1).strip();
      }
    }
    return "";
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
