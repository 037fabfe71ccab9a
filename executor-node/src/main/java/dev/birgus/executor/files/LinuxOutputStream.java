package dev.birgus.executor.files;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/** Writes a new file; closing gives it its attributes. */
final class LinuxOutputStream extends OutputStream {

  private final String path;
  private final FileAttributes attributes;
  private int fd;

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
  }

  @Override
  public void close() throws IOException {
    if (fd < 0) {
      return;
    }
    try {
      LinuxFileSystem.apply(fd, LinuxFileSystem.REGULAR, attributes, path);
    } finally {
      Linux.close(fd);
      fd = -1;
    }
  }
}
