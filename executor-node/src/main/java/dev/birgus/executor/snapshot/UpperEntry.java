package dev.birgus.executor.snapshot;

import static java.util.Objects.requireNonNull;

/**
 * A file of an overlay's upper directory.
 *
 * @param path relative to the directory, without a slash at either end
 * @param whiteout whether it is the device 0:0 that hides what lower layers have at its path
 * @param opaque whether it is a directory that hides what lower layers have below it
 * @param directory whether it is a directory
 * @param file which file it is, whatever its paths
 * @param links how many paths the file has
 */
public record UpperEntry(
    String path, boolean whiteout, boolean opaque, boolean directory, FileId file, long links) {

  /** What tells one file of the node from all others. */
  public record FileId(long device, long inode) {}

  public UpperEntry {
    requireNonNull(path, "path");
    requireNonNull(file, "file");
    if (path.isEmpty() || path.startsWith("/") || path.endsWith("/")) {
      throw new IllegalArgumentException("not a relative path: '" + path + "'");
    }
    if ((opaque && !directory) || (whiteout && directory)) {
      throw new IllegalArgumentException("a contradiction: " + path);
    }
  }

  /** The last name of the path. */
  public String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
