package dev.birgus.executor.files;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/** Writes a new file; closing gives it its attributes. */
final class LinuxOutputStream extends OutputStream implements HoleMaker {

  private static final int SEEK_CUR = 1;

  private final String path;
  private final FileAttributes attributes;
  private int fd;

  /** The length of the file if it ends with a hole, else 0. */
  private long endOfHole;

  LinuxOutputStream(int fd, String path, FileAttributes attributes) {
    this.fd = fd;
    this.path = path;
    this.attributes = attributes;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (fd < 0) {
      throw new IOException("write after close: " + path);
    }
    FileCopy.writeAll(fd, bytes, offset, length, path);
    endOfHole = length > 0 ? 0 : endOfHole;
  }

  @Override
  public void hole(long length) throws IOException {
    endOfHole = checked(Linux.seek(fd, length, SEEK_CUR));
  }

  private long checked(long result) throws IOException {
    if (result < 0) {
      throw Errno.exception(result, path);
    }
    return result;
  }

  @Override
  public void close() throws IOException {
    if (fd < 0) {
      return;
    }
    try {
      if (endOfHole > 0) {
        checked(Linux.truncate(fd, endOfHole));
      }
      LinuxFileSystem.apply(fd, LinuxFileSystem.REGULAR, attributes, path);
    } finally {
      Linux.close(fd);
      fd = -1;
    }
  }
}
