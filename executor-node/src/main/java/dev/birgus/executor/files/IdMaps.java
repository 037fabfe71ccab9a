package dev.birgus.executor.files;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The ids there are in the user namespace of this process: user_namespaces(7). */
final class IdMaps {

  private static final Path USERS = Path.of("/proc/self/uid_map");
  private static final Path GROUPS = Path.of("/proc/self/gid_map");

  private IdMaps() {}

  /** What to say of a file that should belong to somebody who does not exist here. */
  static FailureException noSuchOwner(String path, long uid, long gid) throws IOException {
    return Failure.of(
            "id-not-mapped",
            "/"
                + (path.startsWith("/") ? path.substring(1) : path)
                + " belongs to "
                + uid
                + ":"
                + gid
                + ", which does not exist in this user namespace: it has the users "
                + ranges(Files.readAllLines(USERS))
                + " and the groups "
                + ranges(Files.readAllLines(GROUPS)),
            "Give the user more ids in /etc/subuid and /etc/subgid, or the pod more, or build as root"
                + " of the machine.")
        .toException();
  }

  /** The first and the last id of each line of a map. */
  static String ranges(List<String> map) {
    var ranges = new ArrayList<String>();
    for (var line : map) {
      var fields = line.strip().split("\\s+");
      if (fields.length == 3) {
        var first = Long.parseLong(fields[0]);
        ranges.add(first + "-" + (first + Long.parseLong(fields[2]) - 1));
      }
    }
    return String.join(", ", ranges);
  }
}
