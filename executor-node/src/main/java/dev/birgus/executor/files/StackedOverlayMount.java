package dev.birgus.executor.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * An overlay with another one as its lowest layer: together they hold more layers than the kernel
 * puts into one.
 */
final class StackedOverlayMount implements OverlayMount {

  /** The folder of the lowest one, among those of the other. */
  static final String FOLDER = "lower";

  private final OverlayMount top;
  private final OverlayMount lowest;
  private final Path work;

  /**
   * Two mounts as one.
   *
   * @param work where the folder of the lowest one is, which is removed with it
   */
  StackedOverlayMount(OverlayMount top, OverlayMount lowest, Path work) {
    this.top = top;
    this.lowest = lowest;
    this.work = work;
  }

  @Override
  public Path merged() {
    return top.merged();
  }

  @Override
  public Path upper() {
    return top.upper();
  }

  @Override
  public void close() {
    top.close();
    lowest.close();
    try (var files = LinuxFileSystem.open(work)) {
      files.remove(FOLDER);
    } catch (IOException failed) {
      throw new UncheckedIOException("cannot remove what an overlay was mounted of", failed);
    }
  }
}
