package dev.birgus.executor.layer;

import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.files.OverlayFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What an overlay's lower directories show together, without mounting it. */
final class LowerStack implements AutoCloseable {

  private final OverlayFormat format;
  private final List<LinuxFileSystem> topFirst = new ArrayList<>();

  /**
   * Opens the directories; they may be moved from then on.
   *
   * @param lower the lowest first
   */
  LowerStack(List<Path> lower, OverlayFormat format) throws IOException {
    this.format = format;
    try {
      for (var directory : lower.reversed()) {
        topFirst.add(LinuxFileSystem.open(directory));
      }
    } catch (IOException | RuntimeException failed) {
      close();
      throw failed;
    }
  }

  /** What one directory says of a path. */
  private enum Answer {
    SHOWN,
    HIDDEN,
    UNKNOWN
  }

  /**
   * Whether there is anything at a path.
   *
   * @param path relative to the root; its directories are no links
   */
  boolean has(String path) throws IOException {
    for (var files : topFirst) {
      var answer = ask(files, path);
      if (answer != Answer.UNKNOWN) {
        return answer == Answer.SHOWN;
      }
    }
    return false;
  }

  private Answer ask(LinuxFileSystem files, String path) throws IOException {
    var isOpaque = false;
    for (var end = path.indexOf('/'); ; end = path.indexOf('/', end + 1)) {
      var part = end < 0 ? path : path.substring(0, end);
      var status = files.status(part);
      if (status.isEmpty()) {
        return isOpaque ? Answer.HIDDEN : Answer.UNKNOWN;
      }
      if (UpperWalk.isWhiteout(status.get())) {
        return Answer.HIDDEN;
      }
      if (end < 0) {
        return Answer.SHOWN;
      }
      if (status.map(FileStatus::kind).get() != Kind.DIRECTORY) {
        return Answer.HIDDEN;
      }
      isOpaque |= UpperWalk.isOpaque(files.xattrs(part), format);
    }
  }

  @Override
  public void close() {
    topFirst.forEach(LinuxFileSystem::close);
  }
}
