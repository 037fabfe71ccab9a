package dev.birgus.executor.layer;

import dev.birgus.executor.files.FileStatus;
import java.io.IOException;
import java.util.Optional;

/** Where it is noted what a layer that is being unpacked hides of those below it. */
interface LayerMarks {

  /** Whether the layer hides what is at this path, and has nothing there itself. */
  boolean hides(String path, Optional<FileStatus> there) throws IOException;

  /** Hides what is at a path where the layer has nothing; its directory is there. */
  void hide(String path) throws IOException;

  /** Hides all that is in a directory, which is there. */
  void hideContent(String path) throws IOException;

  /**
   * Whether all is hidden that lower layers have in a directory.
   *
   * @param directory a path without links
   */
  boolean hidesContent(String directory) throws IOException;
}
