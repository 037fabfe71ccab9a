package dev.birgus.executor.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Mounts that a killed process left behind. */
public final class LeftoverMounts {

  private static final int MNT_DETACH = 2;
  private static final int MOUNT_POINT = 4;

  private LeftoverMounts() {}

  /**
   * Unmounts all that is mounted at or below a directory, the last mounted first.
   *
   * @return the mount points that are free now
   * @throws IOException if one may not be unmounted
   */
  public static List<Path> unmountBelow(Path directory) throws IOException {
    var root = directory.toRealPath().toString();
    var freed = new ArrayList<Path>();
    for (var point : mountPoints().reversed()) {
      if (point.equals(root) || point.startsWith(root + "/")) {
        var result = Linux.unmount(FileNames.encode(point), MNT_DETACH);
        LinuxFileSystem.check(result == -Errno.EINVAL ? 0 : result, point);
        freed.add(Path.of(point));
      }
    }
    return freed;
  }

  /** All mount points of this process, as the kernel writes them, in the order they were made. */
  public static List<String> mountPoints() throws IOException {
    var table = FileNames.decode(Files.readAllBytes(Path.of("/proc/self/mountinfo")));
    var points = new ArrayList<String>();
    for (var line : table.split("\n", -1)) {
      var fields = line.split(" ", -1);
      if (fields.length > MOUNT_POINT) {
        points.add(unescape(fields[MOUNT_POINT]));
      }
    }
    return points;
  }

  /** The table writes space, tab, newline and backslash as three octal digits. */
  private static String unescape(String field) {
    return field
        .replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\");
  }
}
