package dev.birgus.executor.stage;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.files.FileSystem;
import dev.birgus.executor.files.Roots;
import dev.birgus.executor.layer.UnpackedEntry;
import dev.birgus.executor.memory.Entry;
import dev.birgus.infra.contracts.Layer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** What the layers of a base hold, to be looked up: unpacked ones as they are, others indexed. */
final class BaseEntries {

  private final LayerFetcher layers;
  private final Roots roots;

  BaseEntries(LayerFetcher layers, Roots roots) {
    this.layers = requireNonNull(layers, "layers");
    this.roots = requireNonNull(roots, "roots");
  }

  /** Layers that can be looked up, as long as this is open. */
  static final class Base implements AutoCloseable {

    private final List<Entry> lowestFirst = new ArrayList<>();
    private final List<FileSystem> open = new ArrayList<>();

    List<Entry> highestFirst() {
      return lowestFirst.reversed();
    }

    @Override
    public void close() throws IOException {
      for (var each : open) {
        each.close();
      }
    }
  }

  /** Looks at layers, lowest first. */
  Base open(List<Layer> wanted, StageListener listener) throws IOException, InterruptedException {
    var base = new Base();
    try {
      // A layer may stand in a stack more than once: its higher place is what counts.
      var distinct = new ArrayList<>(new LinkedHashSet<>(wanted.reversed())).reversed();
      for (var each : layers.look(distinct, listener)) {
        switch (each) {
          case LayerFetcher.Seen.Unpacked(var path) -> {
            var files = roots.open(path);
            base.open.add(files);
            base.lowestFirst.add(UnpackedEntry.root(files));
          }
          case LayerFetcher.Seen.Indexed(var root) -> base.lowestFirst.add(root);
        }
      }
      return base;
    } catch (IOException | RuntimeException failed) {
      base.close();
      throw failed;
    }
  }
}
