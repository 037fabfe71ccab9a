package dev.birgus.executor.files;

import dev.birgus.infra.contracts.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** An overlay that is unmounted once, lazily if something still uses it. */
final class LinuxOverlayMount implements OverlayMount {

  private static final int MNT_DETACH = 2;

  private final Path merged;
  private final Path upper;
  private final List<String> scratch;
  private boolean closed;

  /**
   * A mount that was made.
   *
   * @param scratch folders beside the merged one that are of no use once it is unmounted
   */
  LinuxOverlayMount(Path merged, Path upper, List<String> scratch) {
    this.merged = merged;
    this.upper = upper;
    this.scratch = scratch;
  }

  @Override
  public Path merged() {
    return merged;
  }

  @Override
  public Path upper() {
    return upper;
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    var target = FileNames.encode(merged.toString());
    var result = Linux.unmount(target, 0);
    if (result == -Errno.EBUSY) {
      result = Linux.unmount(target, MNT_DETACH);
    }
    // EINVAL: it is no mount any more, someone was faster.
    if (result < 0 && result != -Errno.EINVAL) {
      throw refused(Errno.reason(-result)).toException();
    }
    closed = true;
    clean();
  }

  private void clean() {
    var parent = merged.getParent();
    if (parent == null) {
      return;
    }
    try (var files = LinuxFileSystem.open(parent)) {
      for (var name : scratch) {
        files.remove(name);
      }
      files.remove(merged.getFileName().toString());
    } catch (IOException e) {
      throw refused(String.valueOf(e.getMessage())).toException(e);
    }
  }

  private Failure refused(String reason) {
    return Failure.of(
        "unmount-refused",
        "The overlay at " + merged + " could not be unmounted: " + reason + ".",
        "End what still uses it and remove the folder by hand.");
  }
}
