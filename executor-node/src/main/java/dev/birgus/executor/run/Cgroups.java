package dev.birgus.executor.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the control groups of this process are: cgroups(7). A machine has version 1 with a
 * hierarchy for each controller, version 2 with one for all, or some controllers in the one and
 * some in the other.
 */
final class Cgroups {

  /** In version 2 a group with groups below it can have no processes: ours move there. */
  private static final String OWN = "birgus-node";

  /** Group directories by controller; version 2 is under the empty name. */
  private final Map<String, Path> groups;

  private Cgroups(Map<String, Path> groups) {
    this.groups = groups;
  }

  static Cgroups ofThisProcess() throws IOException {
    return of(
        Files.readAllLines(Path.of("/proc/self/mountinfo")),
        Files.readAllLines(Path.of("/proc/self/cgroup")));
  }

  /**
   * Brings together what the two files tell.
   *
   * @param mounts lines of /proc/self/mountinfo
   * @param memberships lines of /proc/self/cgroup
   */
  static Cgroups of(List<String> mounts, List<String> memberships) {
    var paths = new LinkedHashMap<String, String>();
    for (var line : memberships) {
      var parts = line.split(":", 3);
      for (var controller : parts[1].split(",", -1)) {
        paths.put(controller, parts[2]);
      }
    }
    var groups = new LinkedHashMap<String, Path>();
    for (var line : mounts) {
      var fields = line.split(" ");
      var separator = List.of(fields).indexOf("-");
      if (separator < 0 || fields.length < separator + 4) {
        continue;
      }
      var controllers =
          switch (fields[separator + 1]) {
            case "cgroup" -> List.of(fields[separator + 3].split(","));
            case "cgroup2" -> List.of("");
            default -> List.<String>of();
          };
      for (var controller : controllers) {
        var path = paths.get(controller);
        if (path != null) {
          groups.putIfAbsent(controller, below(fields[4], fields[3], path));
        }
      }
    }
    return new Cgroups(groups);
  }

  /** What is mounted may be a part of the hierarchy; a group outside of it is not seen. */
  private static Path below(String place, String root, String path) {
    var within =
        root.equals("/") ? path : path.startsWith(root) ? path.substring(root.length()) : "/";
    return Path.of(place, within).normalize();
  }

  /**
   * The group a group with this controller can be made in.
   *
   * @throws IOException if there is none, or it does not let us
   */
  Path parentFor(String controller) throws IOException {
    var own = groups.get(controller);
    if (own != null) {
      return own;
    }
    var unified = groups.get("");
    if (unified == null) {
      throw new IOException("the " + controller + " controller of control groups is not mounted");
    }
    var parent = unified.endsWith(OWN) ? above(unified) : unified;
    if (!names(parent.resolve("cgroup.controllers")).contains(controller)) {
      throw new IOException(parent + " has no " + controller + " controller");
    }
    if (!names(parent.resolve("cgroup.subtree_control")).contains(controller)) {
      handDown(parent, controller);
    }
    return parent;
  }

  private static Path above(Path group) {
    var parent = group.getParent();
    return parent == null ? group : parent;
  }

  private static List<String> names(Path file) throws IOException {
    return List.of(Files.readString(file).strip().split(" "));
  }

  private static void handDown(Path group, String controller) throws IOException {
    var control = group.resolve("cgroup.subtree_control");
    try {
      Files.writeString(control, "+" + controller);
    } catch (IOException busy) {
      var own = group.resolve(OWN);
      Files.createDirectories(own);
      for (var process : Files.readAllLines(group.resolve("cgroup.procs"))) {
        Files.writeString(own.resolve("cgroup.procs"), process);
      }
      Files.writeString(control, "+" + controller);
    }
  }
}
