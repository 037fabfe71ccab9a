package dev.birgus.infra.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server on loopback that says on each connection what it is told to, byte by byte. */
final class ScriptedServer implements AutoCloseable {

  /** What happens on one connection. */
  interface Script {
    void play(InputStream in, OutputStream out) throws IOException;
  }

  private final ServerSocket server;
  private final List<Script> scripts;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** A script for each connection, in the order they are made. */
  ScriptedServer(Script... scripts) throws IOException {
    this.scripts = List.of(scripts);
    this.server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    var _ = threads.submit(this::accept);
  }

  /** Answers one request after the other with these. */
  static Script answers(ScriptedServer[] self, String... answers) {
    return (in, out) -> {
      for (var answer : answers) {
        self[0].heads.add(head(in));
        out.write(answer.getBytes(ISO_8859_1));
        out.flush();
      }
    };
  }

  /** A server whose connections all answer so, and are closed then. */
  static ScriptedServer answering(String[]... connections) throws IOException {
    var self = new ScriptedServer[1];
    var scripts = new ArrayList<Script>();
    for (var answers : connections) {
      scripts.add(answers(self, answers));
    }
    self[0] = new ScriptedServer(scripts.toArray(Script[]::new));
    return self[0];
  }

  private Void accept() throws IOException {
    for (var script : scripts) {
      var socket = server.accept();
      sockets.add(socket);
      var _ =
          threads.submit(() -> {
            try (socket) {
              script.play(socket.getInputStream(), socket.getOutputStream());
            }
            return null;
          });
    }
    return null;
  }

  /** Reads the head of a request. */
  static String head(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      var next = in.read();
      if (next < 0) {
        throw new IOException("the client has gone");
      }
      head.append((char) next);
    }
    return head.toString();
  }

  /** The heads of the requests of scripts that only answer. */
  List<String> heads() {
    return heads;
  }

  /** How many connections were made. */
  int connections() {
    return sockets.size();
  }

  URI address(String path) {
    return URI.create("http://127.0.0.1:" + server.getLocalPort() + path);
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (var socket : sockets) {
      socket.close();
    }
    threads.shutdownNow();
    threads.close();
  }
}
