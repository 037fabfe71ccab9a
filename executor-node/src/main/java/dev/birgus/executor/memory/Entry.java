package dev.birgus.executor.memory;

import dev.birgus.executor.files.FileContent;
import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.FileStatus.Kind;
import java.io.IOException;
import java.util.Collection;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What one layer has at a path, in the form overlays have it: a whiteout, which says that lower
 * layers' files are gone, is the character device 0:0.
 */
public interface Entry {

  /** What it is. */
  Kind kind() throws IOException;

  /** Whether it hides what lower layers have at its path. */
  boolean isWhiteout() throws IOException;

  /** Whether it is a directory that hides what lower layers have in it. */
  boolean isOpaque() throws IOException;

  /** What the kernel would say of it. */
  FileStatus status() throws IOException;

  /** Its extended attributes, values as Latin-1 text, without an overlay's marks. */
  SortedMap<String, String> xattrs() throws IOException;

  /** What is in a directory under this name; null if nothing is. */
  @Nullable Entry child(String name) throws IOException;

  /** The names in a directory, in no order. */
  Collection<String> names() throws IOException;

  /** What a regular file holds. */
  FileContent content() throws IOException;
}
