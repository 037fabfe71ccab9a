package dev.birgus.infra.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests and answers on sockets, also of servers that do not behave. */
@Timeout(60)
final class HttpConnectionsTest {

  private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final HttpRequest.Body NONE = new HttpRequest.Body.None();

  private final HttpConnections connections;

  HttpConnectionsTest() throws NoSuchAlgorithmException {
    connections = new HttpConnections(SSLContext.getDefault(), Duration.ofSeconds(5), "test");
  }

  @AfterEach
  void close() {
    connections.close();
  }

  private HttpExchange send(String method, URI uri, HttpRequest.Body body) {
    return connections.send(new HttpRequest(method, uri, Map.of(), body), Optional.empty());
  }

  private HttpResponse answer(String method, URI uri, HttpRequest.Body body)
      throws IOException, InterruptedException, TimeoutException {
    return send(method, uri, body).await(PATIENCE);
  }

  private String get(ScriptedServer server)
      throws IOException, InterruptedException, TimeoutException {
    return text(answer("GET", server.address("/"), NONE));
  }

  private static String text(HttpResponse response) throws IOException {
    try (var body = response.body()) {
      return new String(body.readAllBytes(), UTF_8);
    }
  }

  private static String[] on(String... answers) {
    return answers;
  }

  @Test
  void aConnectionWhoseAnswerWasReadIsUsedAgain() throws Exception {
    try (var server = ScriptedServer.answering(on(HELLO, HELLO, HELLO))) {
      for (var i = 0; i < 3; i++) {
        assertThat(get(server)).isEqualTo("hello");
      }
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void aHeaderInTwoSpellingsIsOneHeader() throws Exception {
    var twice = HELLO.replaceFirst("\r\n", "\r\nLink: </a>\r\nlink: </b>\r\n");
    try (var server = ScriptedServer.answering(on(twice))) {
      var answer = answer("GET", server.address("/"), NONE);
      assertThat(answer.headers().allValues("LINK")).containsExactly("</a>", "</b>");
      answer.body().close();
    }
  }

  @Test
  void aConnectionWhoseAnswerWasNotReadIsNot() throws Exception {
    try (var server = ScriptedServer.answering(on(HELLO), on(HELLO))) {
      answer("GET", server.address("/"), NONE).body().close();
      assertThat(get(server)).isEqualTo("hello");
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void aServerThatClosesKeptConnectionsIsAskedOnANewOne() throws Exception {
    try (var server = ScriptedServer.answering(on(HELLO), on(HELLO))) {
      assertThat(get(server)).isEqualTo("hello");
      assertThat(get(server)).isEqualTo("hello");
    }
  }

  @Test
  void aServerThatClosesAKeptConnectionWhenAskedIsAskedOnANewOne() throws Exception {
    ScriptedServer.Script rude =
        (in, out) -> {
          ScriptedServer.head(in);
          out.write(HELLO.getBytes(ISO_8859_1));
          out.flush();
          ScriptedServer.head(in);
        };
    ScriptedServer.Script polite =
        (in, out) -> {
          ScriptedServer.head(in);
          out.write(HELLO.getBytes(ISO_8859_1));
          out.flush();
        };
    try (var server = new ScriptedServer(rude, polite)) {
      assertThat(get(server)).isEqualTo("hello");
      assertThat(get(server)).isEqualTo("hello");
    }
  }

  @Test
  void piecesAreOneBodyAndTheConnectionIsInStepBehindThem() throws Exception {
    var pieces =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            .concat("2;name=value\r\nhe\r\n003\r\nllo\r\n0\r\nChecksum: none\r\n\r\n");
    try (var server = ScriptedServer.answering(on(pieces, HELLO))) {
      assertThat(get(server)).isEqualTo("hello");
      assertThat(get(server)).isEqualTo("hello");
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void aBodyWithoutALengthEndsWithItsConnection() throws Exception {
    try (var server = ScriptedServer.answering(on("HTTP/1.0 200 OK\r\n\r\nhello"))) {
      assertThat(get(server)).isEqualTo("hello");
    }
  }

  @Test
  void announcementsArePassedOver() throws Exception {
    var answer = "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + HELLO;
    try (var server = ScriptedServer.answering(on(answer))) {
      assertThat(get(server)).isEqualTo("hello");
    }
  }

  @Test
  void anAnswerToHeadHasNoBodyWhateverItsLength() throws Exception {
    var head = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
    try (var server = ScriptedServer.answering(on(head, HELLO))) {
      assertThat(text(answer("HEAD", server.address("/"), NONE))).isEmpty();
      assertThat(get(server)).isEqualTo("hello");
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello\r\n\r\n",
        "HTTP/2 200\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n",
        "HTTP/1.1 200 OK\r\n folded\r\n\r\n",
        "HTTP/1.1 200 OK\r\n: nothing\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n"
      })
  void anAnswerThatMakesNoSenseIsNotBelieved(String answer) throws Exception {
    try (var server = ScriptedServer.answering(on(answer), on(answer))) {
      assertThatIOException().isThrownBy(() -> get(server));
    }
  }

  @Test
  void aHeadWithoutEndIsNotKept() throws Exception {
    ScriptedServer.Script talker =
        (in, out) -> {
          ScriptedServer.head(in);
          out.write("HTTP/1.1 200 OK\r\n".getBytes(ISO_8859_1));
          while (true) {
            out.write("X: y\r\n".getBytes(ISO_8859_1));
          }
        };
    try (var server = new ScriptedServer(talker)) {
      assertThatIOException().isThrownBy(() -> get(server)).withMessageContaining("header count");
    }
  }

  @Test
  void contentOfAnUnknownLengthIsSentInPieces() throws Exception {
    var received = new AtomicReference<String>();
    ScriptedServer.Script taking =
        (in, out) -> {
          var request = ScriptedServer.head(in) + ScriptedServer.head(in);
          received.set(request);
          out.write(HELLO.getBytes(ISO_8859_1));
        };
    try (var server = new ScriptedServer(taking)) {
      var content = new ByteArrayInputStream("some bytes".getBytes(UTF_8));
      var body = new HttpRequest.Body.Stream(content, -1);
      assertThat(text(answer("PATCH", server.address("/up?a=b"), body))).isEqualTo("hello");
    }
    assertThat(received.get())
        .startsWith("PATCH /up?a=b HTTP/1.1\r\nHost: 127.0.0.1:")
        .contains("Transfer-Encoding: chunked\r\n")
        .endsWith("\r\n\r\na\r\nsome bytes\r\n0\r\n\r\n");
  }

  @Test
  void aServerThatRefusesEarlyIsNotSentTheRest() throws Exception {
    ScriptedServer.Script refusing =
        (in, out) -> {
          ScriptedServer.head(in);
          out.write("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno".getBytes(ISO_8859_1));
          out.flush();
          in.transferTo(java.io.OutputStream.nullOutputStream());
        };
    try (var server = new ScriptedServer(refusing)) {
      var body = new HttpRequest.Body.Stream(new Endless(), Long.MAX_VALUE);
      var response = answer("PATCH", server.address("/"), body);
      assertThat(response.status()).isEqualTo(413);
      assertThat(text(response)).isEqualTo("no");
    }
  }

  @Test
  void contentThatEndsTooSoonIsNotSentAsWhole() throws Exception {
    ScriptedServer.Script waiting =
        (in, _) -> in.transferTo(java.io.OutputStream.nullOutputStream());
    try (var server = new ScriptedServer(waiting)) {
      var body = new HttpRequest.Body.Stream(new ByteArrayInputStream(new byte[3]), 5);
      assertThatIOException()
          .isThrownBy(() -> answer("PUT", server.address("/"), body))
          .withMessageContaining("2 bytes before its end");
    }
  }

  @Test
  void aServerThatRefusesAndClosesIsHeard() throws Exception {
    ScriptedServer.Script refusing =
        (in, out) -> {
          ScriptedServer.head(in);
          in.readNBytes(1 << 20);
          out.write("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno".getBytes(ISO_8859_1));
        };
    try (var server = new ScriptedServer(refusing)) {
      var body = new HttpRequest.Body.Stream(new Endless(), Long.MAX_VALUE);
      assertThat(answer("PUT", server.address("/"), body).status()).isEqualTo(413);
    }
  }

  @Test
  void contentThatCannotBeReadIsNotEndedProperly() throws Exception {
    var received = new AtomicReference<String>("");
    var gone = new CountDownLatch(1);
    ScriptedServer.Script listening =
        (in, _) -> {
          try {
            for (var next = in.read(); next >= 0; next = in.read()) {
              received.set(received.get() + (char) next);
            }
          } finally {
            gone.countDown();
          }
        };
    try (var server = new ScriptedServer(listening)) {
      var broken =
          new SequenceInputStream(new ByteArrayInputStream(new byte[] {'a'}), new Unreadable());
      var body = new HttpRequest.Body.Stream(broken, -1);
      assertThatIOException()
          .isThrownBy(() -> answer("PATCH", server.address("/"), body))
          .withMessageContaining("the disk is gone");
      gone.await();
    }
    assertThat(received.get()).doesNotContain("\r\n0\r\n");
  }

  @Test
  void aConnectionWhoseRequestWasCutShortIsNotUsedAgain() throws Exception {
    ScriptedServer.Script refusing =
        (in, out) -> {
          ScriptedServer.head(in);
          out.write("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno".getBytes(ISO_8859_1));
          out.flush();
          in.transferTo(java.io.OutputStream.nullOutputStream());
        };
    ScriptedServer.Script polite =
        (in, out) -> {
          ScriptedServer.head(in);
          out.write(HELLO.getBytes(ISO_8859_1));
        };
    try (var server = new ScriptedServer(refusing, polite)) {
      var body = new HttpRequest.Body.Stream(new Endless(), -1);
      assertThat(text(answer("PATCH", server.address("/"), body))).isEqualTo("no");
      assertThat(get(server)).isEqualTo("hello");
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void whoGivesUpFreesTheConnection() throws Exception {
    var asked = new CountDownLatch(1);
    var gone = new CountDownLatch(1);
    ScriptedServer.Script silent =
        (in, _) -> {
          ScriptedServer.head(in);
          asked.countDown();
          try {
            assertThat(in.read()).isEqualTo(-1);
          } catch (IOException reset) {
            assertThat(reset).hasMessageContaining("reset");
          }
          gone.countDown();
        };
    try (var server = new ScriptedServer(silent)) {
      var exchange = send("GET", server.address("/"), NONE);
      asked.await();
      assertThatExceptionOfType(TimeoutException.class)
          .isThrownBy(() -> exchange.await(Duration.ofMillis(50)));
      exchange.abandon();
      gone.await();
      assertThatIOException().isThrownBy(() -> exchange.await(PATIENCE));
    }
  }

  @Test
  void anInterruptFreesWhoWaitsForABody() throws Exception {
    var begun = new CountDownLatch(1);
    ScriptedServer.Script stalling =
        (in, out) -> {
          ScriptedServer.head(in);
          out.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n".getBytes(ISO_8859_1));
          out.flush();
          begun.countDown();
          in.transferTo(java.io.OutputStream.nullOutputStream());
        };
    try (var server = new ScriptedServer(stalling)) {
      var body = answer("GET", server.address("/"), NONE).body();
      var failure = new AtomicReference<Throwable>();
      var reader =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  failure.set(new AssertionError(body.read()));
                } catch (IOException broken) {
                  failure.set(broken);
                }
              });
      begun.await();
      reader.interrupt();
      reader.join();
      assertThat(failure.get()).isInstanceOf(IOException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nX: y", "a\nb", "a\0"})
  void nothingCanBeSmuggledIntoAHead(String value) {
    var uri = URI.create("http://localhost/");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HttpRequest("GET", uri, Map.of("Authorization", value), NONE))
        .withMessageNotContaining(value);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HttpRequest("GET", uri, Map.of(value, "b"), NONE));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HttpRequest("GET " + value, uri, Map.of(), NONE));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HttpRequest("GET", uri, Map.of("content-length", "1"), NONE));
  }

  @Test
  void aRequestsHeadersAreNotPrinted() {
    var uri = URI.create("http://localhost/path?signature=secret");
    var request = new HttpRequest("GET", uri, Map.of("Authorization", "Bearer secret"), NONE);
    assertThat(request.toString()).isEqualTo("GET http://localhost/path");
    var proxy = new HttpProxy("proxy", 8080, Optional.of("Basic secret"));
    assertThat(proxy.toString()).doesNotContain("secret");
  }

  /** Content nobody gets. */
  private static final class Unreadable extends InputStream {
    @Override
    public int read() throws IOException {
      throw new IOException("the disk is gone");
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      throw new IOException("the disk is gone");
    }
  }

  /** More than anybody takes. */
  private static final class Endless extends InputStream {
    @Override
    public int read() {
      return 0;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      return length;
    }
  }
}
