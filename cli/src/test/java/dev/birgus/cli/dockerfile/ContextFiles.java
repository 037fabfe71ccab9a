package dev.birgus.cli.dockerfile;

import dev.birgus.cli.endtoend.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The files of a context, made in the order they are told: as root, with umask 022. */
final class ContextFiles {

  private final StringBuilder script = new StringBuilder("umask 022\n");

  static ContextFiles files() {
    return new ContextFiles();
  }

  /** A file with its directories; 644 and root's. */
  ContextFiles file(String path, String content) {
    return sh(
        "mkdir -p \"$(dirname "
            + quoted(path)
            + ")\"; printf %s "
            + quoted(content)
            + " > "
            + quoted(path));
  }

  /** A directory and those above it; 755 and root's. */
  ContextFiles directory(String path) {
    return sh("mkdir -p " + quoted(path));
  }

  /** A symbolic link, to anything. */
  ContextFiles symlink(String path, String target) {
    return sh(
        "mkdir -p \"$(dirname "
            + quoted(path)
            + ")\"; ln -s "
            + quoted(target)
            + " "
            + quoted(path));
  }

  /** Another name of a file. */
  ContextFiles hardLink(String path, String existing) {
    return sh(
        "mkdir -p \"$(dirname "
            + quoted(path)
            + ")\"; ln "
            + quoted(existing)
            + " "
            + quoted(path));
  }

  ContextFiles fifo(String path) {
    return sh("mkfifo " + quoted(path));
  }

  /** A file of zeros that takes no room on the disk. */
  ContextFiles sparse(String path, long size) {
    return sh("truncate -s " + size + " " + quoted(path));
  }

  ContextFiles mode(String path, String octal) {
    return sh("chmod " + octal + " " + quoted(path));
  }

  ContextFiles owner(String path, long uid, long gid) {
    return sh("chown -h " + uid + ":" + gid + " " + quoted(path));
  }

  /** The time of the last change, in seconds since the epoch. */
  ContextFiles modified(String path, long seconds) {
    return sh("touch -h -d @" + seconds + " " + quoted(path));
  }

  /** Anything else, in the words of bash. */
  ContextFiles sh(String commands) {
    script.append(commands).append('\n');
    return this;
  }

  void make(Path directory) throws IOException, InterruptedException {
    Tool.sh(directory, script.toString());
  }

  /** In bash's own quotes, only ASCII: what the locale is does not matter. */
  private static String quoted(String text) {
    var quoted = new StringBuilder("$'");
    for (var b : text.getBytes(StandardCharsets.UTF_8)) {
      if ((b >= '0' && b <= '9')
          || (b >= 'A' && b <= 'Z')
          || (b >= 'a' && b <= 'z')
          || "/._- ".indexOf(b) >= 0) {
        quoted.append((char) b);
      } else {
        quoted.append('\\').append(octal(b));
      }
    }
    return quoted.append('\'').toString();
  }

  private static String octal(byte b) {
    var digits = Integer.toOctalString(b & 0xff);
    return "0".repeat(3 - digits.length()) + digits;
  }
}
