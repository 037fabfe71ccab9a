package dev.birgus.executor.stage;

import dev.birgus.executor.files.FileAttributes;
import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.FileSystem;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;

/**
 * Copies what is mounted where it cannot be mounted as it is.
 *
 * @param children the names in a directory that are copied
 * @param keepsOwners whether files belong to whom they did, and not to root
 */
record TreeCopy(FileSystem from, FileSystem to, Children children, boolean keepsOwners) {

  /** Lists directories. */
  interface Children {
    /** The names in a directory, which is absolute in its root. */
    List<String> of(String directory) throws IOException;
  }

  /** Copies a file or a tree to a path where nothing is; sockets are left out. */
  void copy(String source, String target) throws IOException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("cancelled while copying what is mounted");
    }
    var status = from.status(source).orElseThrow(() -> new IOException(source + " has vanished"));
    var attributes = attributes(source, status);
    switch (status.kind()) {
      case FILE -> to.copyFile(from, source, target, attributes);
      case DIRECTORY -> {
        to.makeDirectory(target, attributes);
        copyContent(source, target);
        to.setAttributes(target, attributes);
      }
      case SYMLINK -> to.makeSymlink(target, status.linkTarget().orElseThrow(), attributes);
      case FIFO, CHARACTER_DEVICE, BLOCK_DEVICE -> to.makeNode(target, status, attributes);
      case SOCKET -> {}
    }
  }

  /** Copies what is in a directory into another. */
  void copyContent(String source, String target) throws IOException, InterruptedException {
    for (var name : children.of(source)) {
      copy(join(source, name), join(target, name));
    }
  }

  private FileAttributes attributes(String path, FileStatus status) throws IOException {
    var kept = new TreeMap<String, String>();
    if (keepsOwners && status.kind() == Kind.FILE) {
      from.xattrs(path)
          .forEach((name, value) -> {
            if (name.startsWith("user.") || name.equals("security.capability")) {
              kept.put(name, value);
            }
          });
    }
    return new FileAttributes(
        status.mode(),
        keepsOwners ? status.uid() : 0,
        keepsOwners ? status.gid() : 0,
        status.modified(),
        kept);
  }

  private static String join(String directory, String name) {
    return directory.equals("/") ? "/" + name : directory + "/" + name;
  }
}
