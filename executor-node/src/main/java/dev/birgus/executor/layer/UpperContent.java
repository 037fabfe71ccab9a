package dev.birgus.executor.layer;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.files.OverlayFormat;
import dev.birgus.infra.contracts.BuildOptions;
import java.io.IOException;
import java.nio.file.Path;

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
  public boolean write(TarWriter tar, BuildOptions options) throws IOException {
    try (var files = LinuxFileSystem.open(upper)) {
      return new UpperWalk(files, OverlayFormat.of(upper), options, tar).write();
    }
  }
}
