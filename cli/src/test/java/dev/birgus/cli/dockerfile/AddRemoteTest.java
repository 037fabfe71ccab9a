package dev.birgus.cli.dockerfile;

import static dev.birgus.cli.dockerfile.Arriving.ADD_REMOTE;
import static dev.birgus.cli.dockerfile.Case.that;
import static dev.birgus.cli.dockerfile.ContextFiles.files;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;

/** ADD of addresses, from a server of the test's own, and what it does with archives. */
class AddRemoteTest extends DockerfileSuite {

  private static final String SHA256_OF_HELLO =
      "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

  private static final HttpServer SERVER = server();
  private static final String PORT = "PORT=" + SERVER.getAddress().getPort();

  static final List<Case> CASES =
      List.of(
          that("a file of an address is for its owner alone, and of the server's time")
              .needs(ADD_REMOTE)
              .with("--build-arg", PORT)
              .dockerfile(
                  """
                  FROM base
                  ARG PORT
                  ADD http://127.0.0.1:$PORT/hello.txt /x/
                  ADD --chmod=644 --chown=app http://127.0.0.1:$PORT/hello.txt /named
                  """)
              .tree(
                  """
                  /named       file 644 1234:2345 "hello" @1000000000
                  /x           dir 755 0:0
                  /x/hello.txt file 600 0:0 "hello" @1000000000
                  """),
          that("a right checksum is right")
              .needs(ADD_REMOTE)
              .with("--build-arg", PORT)
              .dockerfile(
                  """
                  FROM base
                  ARG PORT
                  ADD --checksum=sha256:%s http://127.0.0.1:$PORT/hello.txt /x
                  """
                      .formatted(SHA256_OF_HELLO))
              .tree("/x file 600 0:0 \"hello\" @1000000000"),
          that("a wrong checksum ends the build")
              .needs(ADD_REMOTE)
              .with("--build-arg", PORT)
              .dockerfile(
                  """
                  FROM base
                  ARG PORT
                  ADD --checksum=sha256:%s http://127.0.0.1:$PORT/hello.txt /x
                  """
                      .formatted(SHA256_OF_HELLO.replace('2', '3')))
              .fails(1, "Dockerfile:3", SHA256_OF_HELLO),
          that("a file that is not there ends the build")
              .needs(ADD_REMOTE)
              .with("--build-arg", PORT)
              .dockerfile("FROM base\nARG PORT\nADD http://127.0.0.1:$PORT/gone /x\n")
              .fails(1, "Dockerfile:3", "404"),
          that("an archive of an address stays one, unless --unpack")
              .needs(ADD_REMOTE)
              .with("--build-arg", PORT)
              .dockerfile(
                  """
                  FROM base
                  ARG PORT
                  ADD http://127.0.0.1:$PORT/a.tar.gz /packed/
                  ADD --unpack http://127.0.0.1:$PORT/a.tar.gz /unpacked/
                  RUN tar tzf /packed/a.tar.gz > /list && rm -r /packed
                  """)
              .tree(
                  """
                  /list       file 644 0:0 "f$"
                  /unpacked   dir 755 0:0
                  /unpacked/f file 644 0:0 "" @1000000000
                  """),
          that("an archive of the context stays one with --unpack=false")
              .needs(ADD_REMOTE)
              .context(files().file("d/f", "F").sh("tar -C d -cf a.tar f"))
              .dockerfile(
                  """
                  FROM base
                  ADD --unpack=false a.tar /x/
                  RUN tar tf /x/a.tar > /list && rm -r /x
                  """)
              .tree("/list file 644 0:0 \"f$\""));

  @AfterAll
  static void stopServer() {
    SERVER.stop(0);
  }

  private static HttpServer server() {
    try {
      var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      serve(server, "/hello.txt", "hello".getBytes(StandardCharsets.UTF_8));
      serve(server, "/a.tar.gz", archive());
      server.start();
      return server;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static void serve(HttpServer server, String path, byte[] bytes) {
    server.createContext(
        path,
        exchange -> {
          exchange.getResponseHeaders().add("Last-Modified", "Sun, 09 Sep 2001 01:46:40 GMT");
          var hasBody = !exchange.getRequestMethod().equals("HEAD");
          exchange.sendResponseHeaders(200, hasBody ? bytes.length : -1);
          if (hasBody) {
            exchange.getResponseBody().write(bytes);
          }
          exchange.close();
        });
  }

  /** A tar of one empty file {@code f}. */
  private static byte[] archive() throws IOException {
    var header = new byte[512];
    put(header, 0, "f");
    put(header, 100, "0000644");
    put(header, 108, "0000000");
    put(header, 116, "0000000");
    put(header, 124, "00000000000");
    put(header, 136, "07346545000");
    put(header, 148, "        ");
    put(header, 156, "0");
    put(header, 257, "ustar");
    put(header, 263, "00");
    var sum = 0;
    for (var b : header) {
      sum += b;
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(header);
      gzip.write(new byte[1024]);
    }
    return bytes.toByteArray();
  }

  private static void put(byte[] header, int at, String text) {
    System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, header, at, text.length());
  }
}
