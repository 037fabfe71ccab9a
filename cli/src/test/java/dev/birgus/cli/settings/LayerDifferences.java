package dev.birgus.cli.settings;

import dev.birgus.cli.endtoend.Tool;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Says how two images differ that should not. */
final class LayerDifferences {

  private static final String COMPARE =
      """
      list() {
        tar --full-time --numeric-owner --xattrs --xattrs-include='*' -tvvzf "$1"
        zcat "$1" | tar -xO 2>/dev/null | sha256sum
        zcat "$1" | sha256sum
      }
      list "$left" >left 2>&1; list "$right" >right 2>&1
      diff left right || true
      """;

  private LayerDifferences() {}

  /** The lines that differ, layer by layer. */
  static String between(Path left, Path right) throws IOException, InterruptedException {
    var lefts = layers(left);
    var rights = layers(right);
    var text = new StringBuilder();
    if (lefts.size() != rights.size()) {
      text.append(lefts.size()).append(" layers against ").append(rights.size()).append('\n');
    }
    var folder = Files.createTempDirectory("layers");
    for (var i = 0; i < Math.min(lefts.size(), rights.size()); i++) {
      if (!lefts.get(i).getFileName().equals(rights.get(i).getFileName())) {
        text.append("layer ").append(i).append(":\n");
        text.append(
            Tool.sh(
                folder, "left='" + lefts.get(i) + "' right='" + rights.get(i) + "'\n" + COMPARE));
      }
    }
    Tool.sh(folder, "rm -r \"$PWD\"");
    return text.toString();
  }

  private static List<Path> layers(Path layout) throws IOException {
    var index = JsonText.parseObject(Files.readAllBytes(layout.resolve("index.json")));
    var manifest = blob(layout, (Json.Obj) index.array("manifests").getLast());
    return JsonText.parseObject(Files.readAllBytes(manifest)).array("layers").stream()
        .map(layer -> blob(layout, (Json.Obj) layer))
        .toList();
  }

  private static Path blob(Path layout, Json.Obj descriptor) {
    var digest = descriptor.string("digest").orElseThrow();
    return layout.resolve("blobs").resolve(digest.replace(':', '/'));
  }
}
