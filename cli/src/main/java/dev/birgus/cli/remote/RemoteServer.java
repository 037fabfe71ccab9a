package dev.birgus.cli.remote;

import dev.birgus.cli.flags.RemoteAccess;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.doors.FailureJson;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonSyntaxException;
import dev.birgus.infra.json.JsonText;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;

/** The API of a server, for this command line. Requests that may be repeated are, a few times. */
public final class RemoteServer implements AutoCloseable {

  private static final Duration UPLOAD = Duration.ofHours(1);
  private static final int LONGEST_ANSWER = 16 << 20;

  private final RemoteAccess access;
  private final Patience patience;
  private final HttpClient client;

  /**
   * How long a server is waited for.
   *
   * @param connect until there is a connection
   * @param answer until it begins to answer
   * @param attempts at a request that may be repeated, at least 1
   */
  record Patience(Duration connect, Duration answer, int attempts) {
    static final Patience USUAL = new Patience(Duration.ofSeconds(10), Duration.ofSeconds(60), 5);

    /** For a process that is ending. */
    static final Patience SHORT = new Patience(Duration.ofSeconds(5), Duration.ofSeconds(5), 2);
  }

  /**
   * A server; nothing is asked of it yet.
   *
   * @throws FailureException {@code bad-flag-value} if its authority cannot be read
   */
  public RemoteServer(RemoteAccess access) {
    this(access, Patience.USUAL);
  }

  /** A server that is waited for as long as this. */
  RemoteServer(RemoteAccess access, Patience patience) {
    this.access = access;
    this.patience = patience;
    var builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(patience.connect());
    access.authority().ifPresent(file -> builder.sslContext(trusting(Path.of(file))));
    this.client = builder.build();
  }

  private static SSLContext trusting(Path file) {
    try (var stream = Files.newInputStream(file)) {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      var number = 0;
      for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(stream)) {
        store.setCertificateEntry("authority-" + number++, certificate);
      }
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException broken) {
      throw Failure.of(
              "bad-flag-value",
              "the authority of the server, " + file + ", cannot be read",
              "Give --server-ca a PEM file of certificates.")
          .toException(broken);
    }
  }

  /** An answer, of which the body is read in full. */
  private record Answer(int status, Json.Obj json) {}

  /** Whether it has a blob. */
  boolean hasBlob(Digest digest) throws InterruptedException {
    var answer = ask("HEAD", "/v1/blobs/" + digest, BodyPublishers.noBody(), Map.of());
    return switch (answer.status()) {
      case 200 -> true;
      case 404 -> false;
      default -> throw refused(answer);
    };
  }

  /** Uploads a blob. */
  void upload(Digest digest, Path file) throws IOException, InterruptedException {
    var answer = ask("PUT", "/v1/blobs/" + digest, BodyPublishers.ofFile(file), Map.of());
    if (answer.status() != 201) {
      throw refused(answer);
    }
  }

  /**
   * Submits a build.
   *
   * @param key by which the server knows a request that is sent again
   * @return the name of the build
   */
  String submit(byte[] request, String key) throws InterruptedException {
    var answer =
        ask(
            "POST",
            "/v1/builds",
            BodyPublishers.ofByteArray(request),
            Map.of("content-type", "application/json", "idempotency-key", key));
    if (answer.status() != 201) {
      throw refused(answer);
    }
    return answer.json().string("id").orElseThrow(() -> odd("it names no build"));
  }

  /** The newest builds. */
  public List<Json.Obj> builds(int limit) throws InterruptedException {
    var answer = ask("GET", "/v1/builds?limit=" + limit, BodyPublishers.noBody(), Map.of());
    if (answer.status() != 200) {
      throw refused(answer);
    }
    return answer.json().array("builds").stream()
        .filter(Json.Obj.class::isInstance)
        .map(Json.Obj.class::cast)
        .toList();
  }

  /** Asks for the end of a build; what is known of it. */
  public Json.Obj cancel(String build, String reason) throws InterruptedException {
    var path = "/v1/builds/" + encoded(build) + "?reason=" + encoded(reason);
    var answer = ask("DELETE", path, BodyPublishers.noBody(), Map.of());
    if (answer.status() != 200 && answer.status() != 202) {
      throw refused(answer);
    }
    return answer.json();
  }

  /**
   * The events of a build, a line each.
   *
   * @param events how many of the topic of this name were seen already
   * @param logs the same
   * @param follow whether the stream ends with the build, and not with what there is now
   * @throws IOException if the server cannot be reached; it may be later
   * @throws FailureException if it refuses
   */
  InputStream events(String build, long events, long logs, boolean follow)
      throws IOException, InterruptedException {
    var path =
        "/v1/builds/"
            + encoded(build)
            + "/events?events="
            + events
            + "&logs="
            + logs
            + "&follow="
            + follow;
    var response =
        client.send(
            request("GET", path, BodyPublishers.noBody(), patience.answer()).build(),
            BodyHandlers.ofInputStream());
    if (response.statusCode() == 200) {
      return response.body();
    }
    if (response.statusCode() >= 500) {
      response.body().close();
      throw new IOException("the server answers " + response.statusCode());
    }
    throw refused(answer(response));
  }

  private Answer ask(String method, String path, BodyPublisher body, Map<String, String> headers)
      throws InterruptedException {
    var limit = method.equals("PUT") ? UPLOAD : patience.answer();
    var builder = request(method, path, body, limit);
    headers.forEach(builder::header);
    var request = builder.build();
    for (var attempt = 1; ; attempt++) {
      try {
        var answer = answer(client.send(request, BodyHandlers.ofInputStream()));
        if (answer.status() < 500 || answer.status() == 507 || attempt == patience.attempts()) {
          return answer;
        }
      } catch (SSLHandshakeException stranger) {
        throw unreachable(stranger);
      } catch (IOException unreachable) {
        if (attempt == patience.attempts()) {
          throw unreachable(unreachable);
        }
      }
      Thread.sleep(Duration.ofMillis(250L << attempt));
    }
  }

  private HttpRequest.Builder request(
      String method, String path, BodyPublisher body, Duration limit) {
    var builder =
        HttpRequest.newBuilder(URI.create(access.server() + path))
            .timeout(limit)
            .method(method, body);
    access.token().ifPresent(token -> builder.header("authorization", "Bearer " + token));
    return builder;
  }

  private static Answer answer(HttpResponse<InputStream> response) throws IOException {
    try (var body = response.body()) {
      var bytes = body.readNBytes(LONGEST_ANSWER);
      var json = bytes.length == 0 ? Json.Obj.EMPTY : JsonText.parse(bytes);
      return new Answer(
          response.statusCode(), json instanceof Json.Obj object ? object : Json.Obj.EMPTY);
    } catch (JsonSyntaxException noJson) {
      return new Answer(response.statusCode(), Json.Obj.EMPTY);
    }
  }

  private FailureException refused(Answer answer) {
    var otherwise =
        switch (answer.status()) {
          case 401 ->
              Failure.of(
                  "not-authorized",
                  "the server "
                      + access.server()
                      + (access.token().isPresent()
                          ? " does not know this token"
                          : " wants a token"),
                  "Give the file of a token with --token-file or BIRGUS_TOKEN_FILE.");
          case 403 ->
              Failure.of(
                  "not-allowed",
                  "the token may not do this on the server " + access.server(),
                  "Use a token with the role submit.");
          default ->
              Failure.of(
                  "server-refused",
                  "the server " + access.server() + " answers " + answer.status(),
                  "Check the address: is it a birgus server?");
        };
    return FailureJson.read(answer.json(), otherwise).toException();
  }

  private FailureException odd(String why) {
    return Failure.of(
            "server-refused",
            "the answer of " + access.server() + " cannot be understood: " + why,
            "Client and server should be of the same version.")
        .toException();
  }

  /** What is said when nobody answers. */
  FailureException unreachable(IOException cause) {
    var why = Optional.ofNullable(cause.getMessage()).orElse(cause.getClass().getSimpleName());
    return Failure.of(
            "server-unreachable",
            "the server " + access.server() + " cannot be reached: " + why,
            "Check --server or BIRGUS_SERVER, and that it runs: birgus serve.")
        .toException(cause);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
