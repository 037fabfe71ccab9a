package dev.birgus.cli.local;

import dev.birgus.cli.flags.BuildCommand.Destination;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonText;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Writes what Google Cloud Build reads to learn which images a step has pushed. */
public final class BuilderOutput {

  private static final String NAME = "images";

  private BuilderOutput() {}

  /**
   * Writes a JSON line with name and digest for each destination into {@code images}. The file
   * appears whole.
   */
  public static void write(Path directory, List<Destination> destinations, Digest manifest)
      throws IOException {
    var text = new StringBuilder();
    for (var destination : destinations) {
      var reference = destination.reference();
      var name = reference.repositoryName() + ":" + reference.tagOrLatest();
      var line =
          Json.Obj.EMPTY.with("name", Json.of(name)).with("digest", Json.of(manifest.toString()));
      text.append(JsonText.text(line)).append('\n');
    }
    Files.createDirectories(directory);
    var temporary = Files.createTempFile(directory, NAME, ".part");
    try {
      Files.writeString(temporary, text);
      Files.move(
          temporary,
          directory.resolve(NAME),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
