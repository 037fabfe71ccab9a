package dev.birgus.executor.files;

/** A descriptor that is closed with its block. */
record OpenFile(int fd) implements AutoCloseable {

  @Override
  public void close() {
    Linux.close(fd);
  }
}
