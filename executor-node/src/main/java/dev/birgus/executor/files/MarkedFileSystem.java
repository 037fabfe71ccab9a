package dev.birgus.executor.files;

import java.io.IOException;

/** A file system that also takes what overlays keep their marks in, and times alone. */
public interface MarkedFileSystem extends FileSystem {

  /**
   * Sets one extended attribute, its value as Latin-1 text.
   *
   * @return false if it is not permitted here, or neither the file system nor the kernel take it,
   *     be it for its size: then too some say that there is no space left
   */
  boolean setXattr(String path, String name, String value) throws IOException;

  /** Removes access lists, which a new directory inherits from the one it is made in. */
  void dropAccessLists(String path) throws IOException;

  /** Sets the time of the last change, nanoseconds since the epoch. */
  void setModified(String path, long modified) throws IOException;
}
