package dev.birgus.load.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** Looks into a registry as somebody who pulls would. */
final class Verdict implements AutoCloseable {

  private static final int BLOCK = 512;
  private static final int SIZE_AT = 124;
  private static final int SIZE_LENGTH = 11;

  private final HttpClient http = HttpClient.newHttpClient();
  private final String registry;

  Verdict(String host) {
    this.registry = "http://" + host + "/v2/";
  }

  /** The first of some destinations that has an image. */
  Optional<String> tagged(List<String> destinations) throws IOException, InterruptedException {
    for (var each : destinations) {
      if (manifest(each).statusCode() == 200) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** What is wrong with the image at a destination; empty if nothing is. */
  Optional<String> wrong(String destination, String digest, String result)
      throws IOException, InterruptedException {
    var manifest = manifest(destination);
    if (manifest.statusCode() != 200) {
      return Optional.of(destination + " is not there");
    }
    var found = manifest.headers().firstValue("docker-content-digest").orElse("");
    if (!found.equals(digest)) {
      return Optional.of(destination + " is " + found + " and not " + digest);
    }
    return content(destination, manifest.body(), result);
  }

  /** The same of an image that is at no destination any more. */
  Optional<String> wrongBehind(String destination, String digest, String result)
      throws IOException, InterruptedException {
    var manifest = get(repository(destination) + "/manifests/" + digest);
    return manifest.statusCode() == 200
        ? content(destination, manifest.body(), result)
        : Optional.of(digest + ", which was at " + destination + ", is not there");
  }

  private Optional<String> content(String destination, byte[] manifest, String result)
      throws IOException, InterruptedException {
    var json = (Json.Obj) JsonText.parse(manifest);
    var blobs = new ArrayList<String>();
    blobs.add(json.object("config").string("digest").orElseThrow());
    json.array("layers")
        .forEach(layer -> blobs.add(((Json.Obj) layer).string("digest").orElseThrow()));
    var content = Optional.<String>empty();
    for (var blob : blobs) {
      var bytes = get(repository(destination) + "/blobs/" + blob);
      if (bytes.statusCode() != 200) {
        return Optional.of(destination + " names " + blob + ", which is not there");
      }
      if (!blob.equals(blobs.getFirst())) {
        content = content.or(() -> file(bytes.body(), "result"));
      }
    }
    return content.filter(result::equals).isPresent()
        ? Optional.empty()
        : Optional.of(destination + " says " + content + " and not " + result);
  }

  private static String repository(String destination) {
    return destination.substring(0, destination.indexOf(':'));
  }

  private HttpResponse<byte[]> manifest(String destination)
      throws IOException, InterruptedException {
    var tag = destination.substring(destination.indexOf(':') + 1);
    return get(repository(destination) + "/manifests/" + tag);
  }

  private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(registry + path))
            .header("accept", "application/vnd.docker.distribution.manifest.v2+json")
            .header("accept", "application/vnd.oci.image.manifest.v1+json")
            .build();
    return http.send(request, BodyHandlers.ofByteArray());
  }

  /** A small file of a layer, by its plain name. */
  private static Optional<String> file(byte[] layer, String name) {
    try (var tar = new GZIPInputStream(new ByteArrayInputStream(layer))) {
      for (var header = tar.readNBytes(BLOCK);
          header.length == BLOCK && header[0] != 0;
          header = tar.readNBytes(BLOCK)) {
        var end = 0;
        while (end < 100 && header[end] != 0) {
          end++;
        }
        var size = Integer.parseInt(new String(header, SIZE_AT, SIZE_LENGTH, UTF_8).strip(), 8);
        var content = tar.readNBytes((size + BLOCK - 1) / BLOCK * BLOCK);
        if (new String(header, 0, end, UTF_8).equals(name)) {
          return Optional.of(new String(content, 0, size, UTF_8));
        }
      }
      return Optional.empty();
    } catch (IOException | NumberFormatException broken) {
      return Optional.of("a broken layer: " + broken);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
