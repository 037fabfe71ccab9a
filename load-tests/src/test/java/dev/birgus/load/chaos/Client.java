package dev.birgus.load.chaos;

import dev.birgus.infra.codec.StateCodec;
import dev.birgus.infra.contracts.BuildRequest;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonText;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** A client of the API that asks again until it is answered. */
final class Client implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final StateCodec<BuildRequest> codec = new StateCodec<>(BuildRequest.class);
  private final String address;
  private final String token;

  Client(String address, String token) {
    this.address = address;
    this.token = token;
  }

  void upload(byte[] context) throws IOException, InterruptedException {
    var path = "/v1/blobs/" + Digest.sha256(context);
    until(request(path).PUT(BodyPublishers.ofByteArray(context)), 201);
  }

  /** Sends a build until it is accepted; its name. */
  String submit(String key, BuildRequest build) throws IOException, InterruptedException {
    var request =
        request("/v1/builds")
            .header("idempotency-key", key)
            .POST(BodyPublishers.ofByteArray(codec.encode(build)));
    var answer = (Json.Obj) JsonText.parse(until(request, 201).body());
    return answer.string("id").orElseThrow();
  }

  /** Asks for the end of a build, once; who does not hear it has not been asked. */
  void cancel(String build) throws InterruptedException {
    try {
      http.send(request("/v1/builds/" + build).DELETE().build(), BodyHandlers.discarding());
    } catch (IOException notHeard) {
      // Then it goes on.
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://" + address + path))
        .timeout(Duration.ofSeconds(40))
        .header("authorization", "Bearer " + token);
  }

  private HttpResponse<byte[]> until(HttpRequest.Builder request, int status)
      throws IOException, InterruptedException {
    var end = Instant.now().plus(PATIENCE);
    var last = "no answer";
    while (Instant.now().isBefore(end)) {
      try {
        var answer = http.send(request.build(), BodyHandlers.ofByteArray());
        if (answer.statusCode() == status) {
          return answer;
        }
        last = answer.statusCode() + " " + new String(answer.body(), StandardCharsets.UTF_8);
      } catch (IOException notThere) {
        last = notThere.toString();
      }
      TimeUnit.MILLISECONDS.sleep(300);
    }
    throw new IOException("the API did not take " + request.build().uri() + ": " + last);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
