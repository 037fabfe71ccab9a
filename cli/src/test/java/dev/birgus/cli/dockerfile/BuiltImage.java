package dev.birgus.cli.dockerfile;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.birgus.cli.dockerfile.LayerTar.Entry;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonText;
import dev.birgus.infra.oci.ImageConfig;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;

/**
 * An image read from an OCI layout.
 *
 * @param layers the entries of each layer's tar, lowest layer first
 */
record BuiltImage(ImageConfig config, List<List<Entry>> layers) {

  private static final String USUAL_PATH =
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** The only image of a layout. */
  static BuiltImage read(Path layout) throws IOException {
    var index = JsonText.parseObject(Files.readAllBytes(layout.resolve("index.json")));
    var manifest = document(layout, (Json.Obj) index.array("manifests").getLast());
    var layers = new ArrayList<List<Entry>>();
    for (var layer : manifest.array("layers")) {
      layers.add(layer(layout, (Json.Obj) layer));
    }
    return new BuiltImage(new ImageConfig(document(layout, manifest.object("config"))), layers);
  }

  private static Json.Obj document(Path layout, Json.Obj descriptor) throws IOException {
    return JsonText.parseObject(Files.readAllBytes(blob(layout, descriptor)));
  }

  private static Path blob(Path layout, Json.Obj descriptor) {
    var digest = descriptor.string("digest").orElseThrow();
    return layout.resolve("blobs").resolve(digest.replace(':', '/'));
  }

  private static List<Entry> layer(Path layout, Json.Obj descriptor) throws IOException {
    var isGzip = descriptor.string("mediaType").orElseThrow().endsWith("gzip");
    try (var blob = Files.newInputStream(blob(layout, descriptor));
        var in = new BufferedInputStream(isGzip ? new GZIPInputStream(blob) : blob)) {
      return LayerTar.read(in);
    }
  }

  ImageTree tree() {
    return ImageTree.of(layers);
  }

  /** Whether the image is built on the other one. */
  boolean isOn(BuiltImage base) {
    var diffIds = config.diffIds();
    return !diffIds.isEmpty() && diffIds.getFirst().equals(base.config.diffIds().getFirst());
  }

  /** Every member of the configuration beyond the usual, a line each; ENV a line per variable. */
  String configLines() {
    var lines = new StringJoiner("\n");
    for (var member : List.of("author", "architecture", "variant", "os")) {
      config
          .json()
          .string(member)
          .filter(value -> !value.equals("amd64") && !value.equals("linux"))
          .ifPresent(value -> lines.add(member + " " + value));
    }
    var container = config.container();
    for (var name : new TreeSet<>(container.members().keySet())) {
      if (name.equals("ArgsEscaped")) {
        continue; // Of Windows; some builders write it, none reads it elsewhere.
      }
      if (name.equals("Env")) {
        container.strings(name).stream()
            .filter(each -> !each.equals(USUAL_PATH))
            .forEach(each -> lines.add("Env " + each));
      } else {
        lines.add(name + " " + json(container.get(name).orElseThrow()));
      }
    }
    return lines.toString();
  }

  /** A member of the configuration as others understand it: nothing, null and empty are one. */
  String member(String name) {
    return config
        .container()
        .get(name)
        .map(BuiltImage::json)
        .filter(text -> !text.equals("[]") && !text.equals("{}") && !text.equals("\"\""))
        .orElse("");
  }

  private static String json(Json value) {
    var text = new String(JsonText.write(Json.Obj.EMPTY.with("v", value)), UTF_8).strip();
    return text.substring("{\"v\":".length(), text.length() - 1);
  }

  /** The history after so many entries. */
  String historyLines(int skipped) {
    var lines = new StringJoiner("\n");
    var history = config.history();
    for (var entry : history.subList(skipped, history.size())) {
      var empty = entry.get("empty_layer").isPresent();
      lines.add((empty ? "empty " : "layer ") + entry.string("created_by").orElse(""));
    }
    return lines.toString();
  }

  /** The number of entries of the history that say they made a layer. */
  int layersOfHistory() {
    return (int)
        config.history().stream().filter(entry -> entry.get("empty_layer").isEmpty()).count();
  }

  /** The names in the layers after so many. */
  String layerLines(int skipped) {
    var lines = new StringJoiner("\n--\n");
    for (var layer : layers.subList(skipped, layers.size())) {
      lines.add(String.join("\n", layer.stream().map(Entry::name).toList()));
    }
    return lines.toString();
  }
}
