package dev.birgus.executor.files;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import java.io.IOException;
import java.io.InputStream;

/**
 * A file of the node that is read later. Device, inode, size and time must be then what they were.
 *
 * @param path in the root
 */
record LinuxFileContent(
    LinuxFileSystem files, String path, long device, long inode, long size, long modified)
    implements FileContent {

  @Override
  public InputStream open() throws IOException {
    return new LinuxInputStream(openAgain(), path);
  }

  /** Opens the file if it is the one it was. */
  int openAgain() throws IOException {
    var fd = files.openAgain(path);
    if (fd == -Errno.ENOENT || fd == -Errno.ENOTDIR || fd == -Errno.ELOOP) {
      throw changed();
    }
    LinuxFileSystem.check(fd, path);
    try {
      if (!isSame(LinuxFileSystem.status(fd, path))) {
        throw changed();
      }
      return fd;
    } catch (IOException | RuntimeException failed) {
      Linux.close(fd);
      throw failed;
    }
  }

  private boolean isSame(FileStatus now) {
    return now.device() == device
        && now.inode() == inode
        && now.size() == size
        && now.modified() == modified;
  }

  private FailureException changed() {
    return Failure.of(
            "file-changed",
            path + " was changed while it was being copied",
            "do not change files while a build reads them")
        .toException();
  }
}
