package dev.birgus.executor.files;

import java.io.IOException;
import java.nio.file.Path;

/** Where an overlay keeps its own marks: which extended attributes it may write decides. */
public enum OverlayFormat {
  /** For the root of the node. */
  TRUSTED("trusted.overlay."),
  /** For user namespaces; mounted with {@code userxattr}. */
  USER("user.overlay.");

  private final String prefix;

  OverlayFormat(String prefix) {
    this.prefix = prefix;
  }

  /** What the names of the marks begin with. */
  public String prefix() {
    return prefix;
  }

  /** The mark of a directory that hides all below it in lower layers; its value is {@code y}. */
  public String opaque() {
    return prefix + "opaque";
  }

  /** The format that may be written in a directory, found out by writing. */
  public static OverlayFormat of(Path directory) throws IOException {
    var path = FileNames.encode(directory.toAbsolutePath().toString());
    var fd = Linux.open(Linux.AT_FDCWD, path, Linux.O_PATH | Linux.O_DIRECTORY);
    try (var open = new OpenFile(LinuxFileSystem.check(fd, directory.toString()))) {
      var name = FileNames.encode("trusted.birgus.probe");
      var refused = Linux.setXattr(open.fd(), name, new byte[] {'y'});
      Linux.removeXattr(open.fd(), name);
      return refused == -Errno.EPERM ? USER : TRUSTED;
    }
  }
}
