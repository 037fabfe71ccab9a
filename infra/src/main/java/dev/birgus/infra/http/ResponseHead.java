package dev.birgus.infra.http;

import java.io.IOException;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The head of an answer (RFC 9112).
 *
 * @param minor of the version HTTP/1.x
 */
record ResponseHead(int minor, int status, HttpHeaders headers) {

  private static final int MOST_LINES = 500;
  private static final int MOST_INTERIM = 20;
  private static final int FIRST_FINAL = 200;
  private static final int SWITCHING = 101;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  /** How the end of a body is found. */
  sealed interface Framing {

    /** There are so many bytes. */
    record Length(long bytes) implements Framing {}

    /** Pieces say how long they are. */
    record Chunks() implements Framing {}

    /** It ends with the connection. */
    record Connection() implements Framing {}
  }

  /** Reads a head; those that only announce another one are passed over. */
  static ResponseHead read(SocketSource source) throws IOException {
    for (var i = 0; i < MOST_INTERIM; i++) {
      var head = readOne(source);
      if (head.status >= FIRST_FINAL) {
        return head;
      }
      if (head.status == SWITCHING) {
        break;
      }
    }
    throw new IOException("the server does not speak HTTP/1.1");
  }

  private static ResponseHead readOne(SocketSource source) throws IOException {
    var line = source.line();
    if (!line.matches("HTTP/1\\.[0-9] [1-9][0-9][0-9]( .*)?")) {
      throw new IOException("the server does not speak HTTP/1.1");
    }
    var minor = line.charAt("HTTP/1.".length()) - '0';
    var start = "HTTP/1.x ".length();
    var status = Integer.parseInt(line.substring(start, start + 3));
    return new ResponseHead(minor, status, headers(source));
  }

  private static HttpHeaders headers(SocketSource source) throws IOException {
    Map<String, List<String>> read = new LinkedHashMap<>();
    for (var i = 0; i < MOST_LINES; i++) {
      var line = source.line();
      if (line.isEmpty()) {
        return HttpHeaders.of(read, (_, _) -> true);
      }
      var colon = line.indexOf(':');
      // A line that goes on with the next one was given up long ago (RFC 9112, 5.2).
      if (colon <= 0 || line.substring(0, colon).isBlank() || " \t".indexOf(line.charAt(0)) >= 0) {
        throw new IOException("the answer has a header without a name");
      }
      var name = line.substring(0, colon).stripTrailing().toLowerCase(Locale.ROOT);
      read.computeIfAbsent(name, _ -> new ArrayList<>()).add(line.substring(colon + 1).strip());
    }
    throw new IOException("the answer has more than " + MOST_LINES + " headers");
  }

  /** Reads what follows a body in pieces, which means nothing to us. */
  static void skipTrailers(SocketSource source) throws IOException {
    headers(source);
  }

  /** How the body ends (RFC 9112, 6.3). */
  Framing framing(String method) throws IOException {
    if (method.equals("HEAD") || status == NO_CONTENT || status == NOT_MODIFIED) {
      return new Framing.Length(0);
    }
    var encodings = headers.allValues("Transfer-Encoding");
    if (!encodings.isEmpty()) {
      if (encodings.size() == 1 && encodings.getFirst().equalsIgnoreCase("chunked")) {
        return new Framing.Chunks();
      }
      throw new IOException("the answer is encoded in a way nobody asked for");
    }
    var lengths = headers.allValues("Content-Length").stream().distinct().toList();
    if (lengths.isEmpty()) {
      return new Framing.Connection();
    }
    if (lengths.size() > 1 || !lengths.getFirst().matches("\\d{1,18}")) {
      throw new IOException("the answer does not say how long it is");
    }
    return new Framing.Length(Long.parseLong(lengths.getFirst()));
  }

  /** Whether the server is ready for another request on this connection. */
  boolean isKept() {
    var words =
        headers.allValues("Connection").stream()
            .flatMap(value -> List.of(value.split(",")).stream())
            .map(value -> value.strip().toLowerCase(Locale.ROOT))
            .toList();
    var both =
        headers.firstValue("Transfer-Encoding").isPresent()
            && headers.firstValue("Content-Length").isPresent();
    return !both && !words.contains("close") && (minor >= 1 || words.contains("keep-alive"));
  }
}
