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
    var fd = files.openAgain(path);
    if (fd == -Errno.ENOENT || fd == -Errno.ENOTDIR || fd == -Errno.ELOOP) {
      throw changed();
    }
    LinuxFileSystem.check(fd, path);
    try {
      var status = LinuxFileSystem.status(fd, path);
      if (status.device() != device
          || status.inode() != inode
          || status.size() != size
          || status.modified() != modified) {
        throw changed();
      }
      return new LinuxInputStream(fd, path);
    } catch (IOException | RuntimeException failed) {
      Linux.close(fd);
      throw failed;
    }
  }

  private FailureException changed() {
    return Failure.of(
            "file-changed",
            path + " was changed while it was being copied",
            "do not change files while a build reads them")
        .toException();
  }
}
