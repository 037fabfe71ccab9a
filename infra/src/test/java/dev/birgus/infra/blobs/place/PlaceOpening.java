package dev.birgus.infra.blobs.place;

import dev.birgus.infra.blobs.BlobPlaceSyntax;
import dev.birgus.infra.blobs.DirectoryBlobStore;
import dev.birgus.infra.observe.Journal;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A process that writes one blob by a place of blobs. */
final class PlaceOpening {

  private PlaceOpening() {}

  public static void main(String[] arguments) throws Exception {
    var means =
        new NodeBlobs.Means(
            Map.of(),
            Optional.empty(),
            (_, _, _) -> {
              throw new AssertionError("no door is needed");
            },
            Journal.silent());
    try (var own = DirectoryBlobStore.open(Path.of(arguments[0]));
        var blobs = NodeBlobs.open(BlobPlaceSyntax.parse(arguments[1]), own, means);
        var writer = blobs.store().create()) {
      writer.write(1);
      writer.commit();
    }
  }
}
