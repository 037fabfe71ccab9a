package dev.birgus.cli.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.ImageConfig;
import dev.birgus.infra.oci.Manifest;
import dev.birgus.infra.oci.MediaType;
import dev.birgus.infra.oci.Platform;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;

/** A registry on loopback that holds one image, {@code app:1}, and spoils what it sends of it. */
final class CorruptRegistry implements AutoCloseable {

  private final HttpServer server;
  private final Map<String, byte[]> documents = new HashMap<>();
  private final Descriptor manifest;
  private final Descriptor layer;
  private final Descriptor config;

  /** A registry of an image that has this tar as its only layer. */
  CorruptRegistry(byte[] tar) throws IOException {
    var blob = gzip(tar);
    var json =
        ImageConfig.scratch(Platform.of("linux", "amd64"))
            .finished(List.of(Digest.sha256(tar)), List.of(), "1970-01-01T00:00:00Z")
            .toBytes();
    layer = descriptor(MediaType.OCI_LAYER_GZIP, blob);
    config = descriptor(MediaType.OCI_CONFIG, json);
    var bytes =
        new Manifest(MediaType.OCI_MANIFEST, config, List.of(layer), Json.Obj.EMPTY).toBytes();
    manifest = descriptor(MediaType.OCI_MANIFEST, bytes);
    documents.put("/v2/app/manifests/1", bytes);
    documents.put("/v2/app/manifests/" + manifest.digest(), bytes);
    documents.put("/v2/app/blobs/" + layer.digest(), blob);
    documents.put("/v2/app/blobs/" + config.digest(), json);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  private static Descriptor descriptor(MediaType type, byte[] bytes) {
    return Descriptor.of(type, Digest.sha256(bytes), bytes.length);
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    var zipped = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(zipped)) {
      gzip.write(bytes);
    }
    return zipped.toByteArray();
  }

  String image() {
    return "127.0.0.1:" + server.getAddress().getPort() + "/app";
  }

  Digest digest() {
    return manifest.digest();
  }

  CorruptRegistry spoilLayer(UnaryOperator<byte[]> change) {
    documents.computeIfPresent(
        "/v2/app/blobs/" + layer.digest(), (_, bytes) -> change.apply(bytes));
    return this;
  }

  CorruptRegistry spoilConfig(UnaryOperator<byte[]> change) {
    documents.computeIfPresent(
        "/v2/app/blobs/" + config.digest(), (_, bytes) -> change.apply(bytes));
    return this;
  }

  CorruptRegistry spoilManifest(UnaryOperator<byte[]> change) {
    documents.computeIfPresent("/v2/app/manifests/" + digest(), (_, bytes) -> change.apply(bytes));
    return this;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath();
      var body = path.equals("/v2/") ? "{}".getBytes(UTF_8) : documents.get(path);
      if (path.contains("/manifests/")) {
        exchange.getResponseHeaders().add("Content-Type", MediaType.OCI_MANIFEST.value());
      }
      exchange.sendResponseHeaders(body == null ? 404 : 200, body == null ? -1 : body.length);
      if (body != null) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
