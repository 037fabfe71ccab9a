package dev.birgus.executor.layer;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.files.OverlayFormat;
import dev.birgus.infra.contracts.BuildOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an overlay's upper directory holds. Once it is written it can be told how the directory
 * differs from the layer.
 */
public final class UpperContent implements LayerContent {

  private final Path upper;
  private final Optional<List<Path>> lower;
  private final List<String> needlessMarks = new ArrayList<>();
  private boolean hasSockets;

  private UpperContent(Path upper, Optional<List<Path>> lower) {
    this.upper = requireNonNull(upper, "upper");
    this.lower = lower;
  }

  /**
   * What a directory holds by itself, whatever it is put upon: all its marks count.
   *
   * @param upper a directory nothing writes to any more
   */
  public static UpperContent alone(Path upper) {
    return new UpperContent(upper, Optional.empty());
  }

  /**
   * What a directory changes of those it was mounted on. A mark that hides nothing is left out:
   * overlays make one for each new directory that is renamed.
   *
   * @param upper a directory nothing writes to any more
   * @param lower the lowest first; none is moved before this is written
   */
  public static UpperContent on(List<Path> lower, Path upper) {
    return new UpperContent(upper, Optional.of(List.copyOf(lower)));
  }

  @Override
  public boolean write(TarWriter tar, BuildOptions options) throws IOException {
    var format = OverlayFormat.of(upper);
    try (var files = LinuxFileSystem.open(upper);
        var below = new LowerStack(lower.orElse(List.of()), format)) {
      var walk =
          new UpperWalk(files, format, lower.map(_ -> below), new EntryWriter(files, options, tar));
      var hasContent = walk.write();
      needlessMarks.addAll(walk.needlessMarks());
      hasSockets |= walk.hasSockets();
      return hasContent;
    }
  }

  /**
   * Makes the directory, which is mounted nowhere, what unpacking the written layer would give.
   *
   * @return false if it holds something that no layer does; it is as it was then
   */
  public boolean makeTheLayer() throws IOException {
    if (hasSockets) {
      return false;
    }
    if (!needlessMarks.isEmpty()) {
      var opaque = OverlayFormat.of(upper).opaque();
      try (var files = LinuxFileSystem.open(upper)) {
        for (var path : needlessMarks) {
          files.removeXattr(path, opaque);
        }
      }
      needlessMarks.clear();
    }
    return true;
  }
}
