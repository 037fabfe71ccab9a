package dev.birgus.executor.files;

import java.io.IOException;
import java.nio.file.Path;

/** Opens directories of the node as roots. */
@FunctionalInterface
public interface Roots {

  /** The files below this directory, which must exist. */
  FileSystem open(Path directory) throws IOException;
}
