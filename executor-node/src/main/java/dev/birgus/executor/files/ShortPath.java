package dev.birgus.executor.files;

import java.io.IOException;
import java.nio.file.Path;

/** A directory under a short name of this process: addresses of Unix sockets have 107 bytes. */
public final class ShortPath implements AutoCloseable {

  private final OpenFile directory;

  private ShortPath(OpenFile directory) {
    this.directory = directory;
  }

  /** Opens a directory. */
  public static ShortPath of(Path directory) throws IOException {
    var path = FileNames.encode(directory.toAbsolutePath().toString());
    var fd = Linux.open(Linux.AT_FDCWD, path, Linux.O_PATH | Linux.O_DIRECTORY);
    return new ShortPath(new OpenFile(LinuxFileSystem.check(fd, directory.toString())));
  }

  /** A name in the directory; good for this process until this is closed. */
  public Path resolve(String name) {
    return Path.of("/proc/self/fd/" + directory.fd(), name);
  }

  @Override
  public void close() {
    directory.close();
  }
}
