package dev.birgus.executor.layer;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.files.OverlayFormat;
import dev.birgus.executor.memory.MemoryTree;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/**
 * What was written to a tree in memory; the bytes of its files are read now for the first time.
 *
 * @param tree that nothing writes to any more
 */
public record MemoryContent(MemoryTree tree) implements LayerContent {

  public MemoryContent {
    requireNonNull(tree, "tree");
  }

  @Override
  public void write(TarWriter tar, Optional<Instant> timestamp) throws IOException {
    try (var files = tree.sealed()) {
      new UpperWalk(files, OverlayFormat.TRUSTED, timestamp, tar).write();
    }
  }
}
