package dev.birgus.executor.files;

import dev.birgus.infra.blobs.BulkInputStream;
import java.io.IOException;
import java.util.Objects;

/** Reads an open file. */
final class LinuxInputStream extends BulkInputStream {

  private final String path;
  private int fd;

  LinuxInputStream(int fd, String path) {
    this.fd = fd;
    this.path = path;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (fd < 0) {
      throw new IOException("read after close: " + path);
    }
    if (length == 0) {
      return 0;
    }
    var read = LinuxFileSystem.check(Linux.read(fd, bytes, offset, length), path);
    return read == 0 ? -1 : read;
  }

  @Override
  public void close() {
    Linux.close(fd);
    fd = -1;
  }
}
