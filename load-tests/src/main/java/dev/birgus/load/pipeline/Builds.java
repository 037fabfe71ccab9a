package dev.birgus.load.pipeline;

import dev.birgus.infra.codec.EventCodec;
import dev.birgus.infra.codec.StateCodec;
import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.BuildRequest;
import dev.birgus.infra.contracts.ContextRef;
import dev.birgus.infra.contracts.Delivery;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.LayerCompression;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonText;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.ImageReference;
import dev.birgus.infra.oci.Platform;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A client of a service that has one build context, and follows its builds by their feeds. */
final class Builds implements AutoCloseable {

  static final String TOKEN = "a-token-of-the-benchmarks";

  private final HttpClient http = HttpClient.newHttpClient();
  private final StateCodec<BuildRequest> requests = new StateCodec<>(BuildRequest.class);
  private final EventCodec events = new EventCodec();
  private final URI address;
  private final String registry;
  private final Digest context;

  private Builds(URI address, String registry, Digest context) {
    this.address = address;
    this.registry = registry;
    this.context = context;
  }

  /**
   * A client whose context has been sent.
   *
   * @param context a tar
   */
  static Builds of(String address, String registry, Path context)
      throws IOException, InterruptedException {
    var bytes = Files.readAllBytes(context);
    var builds = new Builds(URI.create(address), registry, Digest.sha256(bytes));
    var answer =
        builds.send(
            builds.request("/v1/blobs/" + builds.context).PUT(BodyPublishers.ofByteArray(bytes)));
    need(answer, 201);
    return builds;
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(address.resolve(path)).header("authorization", "Bearer " + TOKEN);
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static void need(HttpResponse<?> answer, int status) throws IOException {
    if (answer.statusCode() != status) {
      throw new IOException(answer.uri() + " is answered with " + answer.statusCode());
    }
  }

  /** Sends a build of a Dockerfile, whose image gets this tag, and gives its name. */
  String submit(String dockerfile, String tag) throws IOException, InterruptedException {
    var image = registry + "/pipeline:" + tag;
    var build =
        new BuildRequest(
            new BuildRequest.Dockerfile("Dockerfile", dockerfile),
            ContextRef.inBlob(context),
            Map.of(),
            Map.of(),
            Map.of(),
            List.of(),
            List.of(),
            Platform.of("linux", "amd64"),
            List.of(image),
            List.of(new Delivery.ToRegistry(ImageReference.parse(image), image)),
            new BuildOptions(
                Optional.of(Instant.EPOCH), LayerCompression.DEFAULT, false, Map.of()));
    var answer =
        send(request("/v1/builds").POST(BodyPublishers.ofByteArray(requests.encode(build))));
    need(answer, 201);
    return ((Json.Obj) JsonText.parse(answer.body().getBytes(StandardCharsets.UTF_8)))
        .string("id")
        .orElseThrow();
  }

  /** Shows all events of a build, from the first on, until it has ended; its end. */
  Event follow(String build, Consumer<Event> reader) throws IOException, InterruptedException {
    var request = request("/v1/builds/" + build + "/events").build();
    var answer = http.send(request, BodyHandlers.ofInputStream());
    need(answer, 200);
    try (var lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isBlank()) {
          continue;
        }
        var json = (Json.Obj) JsonText.parse(line.getBytes(StandardCharsets.UTF_8));
        var event =
            events.decode(json.string("type").orElseThrow(), JsonText.write(json.object("data")));
        event.ifPresent(reader);
        if (event.filter(Builds::isEnd).isPresent()) {
          return event.get();
        }
      }
    }
    throw new IOException("the feed of " + build + " ended before the build");
  }

  private static boolean isEnd(Event event) {
    return event instanceof Event.BuildSucceeded
        || event instanceof Event.BuildFailed
        || event instanceof Event.BuildCancelled;
  }

  /** Runs a build to its end, which must be a good one. */
  void run(String dockerfile, String tag) throws IOException, InterruptedException {
    var end = follow(submit(dockerfile, tag), _ -> {});
    if (!(end instanceof Event.BuildSucceeded)) {
      throw new IOException("build " + tag + " ended so: " + end);
    }
  }

  /** Ends a build; nobody waits for its end. */
  void cancel(String build) throws IOException, InterruptedException {
    send(request("/v1/builds/" + build).DELETE());
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
