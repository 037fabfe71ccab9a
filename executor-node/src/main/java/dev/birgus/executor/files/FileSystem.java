package dev.birgus.executor.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The files below one directory, seen as a root: no path, link or {@code ..} leads out of it.
 *
 * <p>Paths are absolute or relative to the root, which is the same. Names that are not UTF-8 keep
 * their bytes (see {@link FileNames}). Unless a method says otherwise it does not follow a symbolic
 * link in the last name. Failing calls throw the exceptions of {@code java.nio.file} where there is
 * a fitting one, with the path inside the root.
 */
public interface FileSystem extends AutoCloseable {

  /** The directory on the node that is the root. */
  Path root();

  /** Whether its files are in memory, and in no directory of the node. */
  default boolean isInMemory() {
    return false;
  }

  /** What is at the path, if anything. */
  Optional<FileStatus> status(String path) throws IOException;

  /**
   * Where the path leads when every symbolic link is followed inside the root, the last one too.
   *
   * @return absolute in the root; names of the path that do not exist are kept as they are
   */
  String resolve(String path) throws IOException;

  /** The names in a directory, sorted by their bytes. */
  List<String> list(String directory) throws IOException;

  /** The extended attributes, values as Latin-1 text. Ones that may not be read are left out. */
  SortedMap<String, String> xattrs(String path) throws IOException;

  /** Reads a regular file; anything else, a fifo say, is refused without waiting. */
  InputStream read(String path) throws IOException;

  /** What a regular file holds, to be read later; for anything else as {@link #read}. */
  FileContent content(String path) throws IOException;

  /**
   * What a regular file holds, to be read later.
   *
   * @param status what this file system has said of it
   */
  FileContent content(String path, FileStatus status) throws IOException;

  /** Makes a new file of the bytes written; its attributes are set when the stream is closed. */
  OutputStream create(String path, FileAttributes attributes) throws IOException;

  /** Makes a new file with the content of one elsewhere, copied by the kernel where it can. */
  void copyFile(FileContent content, String path, FileAttributes attributes) throws IOException;

  /** Makes a new file with the content of this one, in whatever file system it is. */
  default void copyFile(FileSystem from, String source, String path, FileAttributes attributes)
      throws IOException {
    copyFile(from.content(source), path, attributes);
  }

  /** Makes a directory; its parent must exist. */
  void makeDirectory(String path, FileAttributes attributes) throws IOException;

  /** Makes a symbolic link with this text. */
  void makeSymlink(String path, String target, FileAttributes attributes) throws IOException;

  /** Makes another name for an existing file. */
  void makeHardLink(String path, String existing) throws IOException;

  /**
   * Makes a fifo or a device node.
   *
   * @param status gives kind and device numbers
   */
  void makeNode(String path, FileStatus status, FileAttributes attributes) throws IOException;

  /** Sets owner, mode, extended attributes and time of what is there. */
  void setAttributes(String path, FileAttributes attributes) throws IOException;

  /** Removes what is at the path with all below it; nothing happens if nothing is there. */
  void remove(String path) throws IOException;

  @Override
  void close() throws IOException;
}
