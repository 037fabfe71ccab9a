package dev.birgus.executor.stage;

import dev.birgus.executor.files.FileSystem;
import java.io.IOException;

/** The files of a stage or an image, as long as this is open. */
interface SourceRoot extends AutoCloseable {

  /** The files; closed with this. */
  FileSystem files();

  @Override
  void close() throws IOException;
}
