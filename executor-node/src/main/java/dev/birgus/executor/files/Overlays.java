package dev.birgus.executor.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Mounts overlays. */
public interface Overlays {

  /**
   * Mounts a writable stack.
   *
   * @param lower directories, lowest first, at least one
   * @param work an empty directory of the stage, on the file system that shall hold what is
   *     written; upper, work and merged folders are made in it
   */
  OverlayMount mount(List<Path> lower, Path work) throws IOException;

  /** Mounts a stack that cannot be written to, at a folder made in {@code work}. */
  OverlayMount mountReadOnly(List<Path> lower, Path work) throws IOException;
}
