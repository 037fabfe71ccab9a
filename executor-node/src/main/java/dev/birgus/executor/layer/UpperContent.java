package dev.birgus.executor.layer;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.files.OverlayFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * What an overlay's upper directory holds.
 *
 * @param upper a directory nothing writes to any more
 */
public record UpperContent(Path upper) implements LayerContent {

  public UpperContent {
    requireNonNull(upper, "upper");
  }

  @Override
  public void write(TarWriter tar, Optional<Instant> timestamp) throws IOException {
    try (var files = LinuxFileSystem.open(upper)) {
      new UpperWalk(files, OverlayFormat.of(upper), timestamp, tar).write();
    }
  }
}
