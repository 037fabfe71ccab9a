package dev.birgus.planner.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Paths as the planner handles them: text with slashes, never a path of this machine. */
final class ContextPath {

  private ContextPath() {}

  /**
   * The path relative to a root that {@code ..} cannot leave, without leading or trailing slash; ""
   * is the root.
   */
  static String inRoot(String path) {
    var names = new ArrayDeque<String>();
    for (var name : path.split("/", -1)) {
      switch (name) {
        case "", "." -> {}
        case ".." -> names.pollLast();
        default -> names.addLast(name);
      }
    }
    return String.join("/", names);
  }

  /** The absolute, clean path of this word seen from a working directory. */
  static String absolute(String workingDirectory, String path) {
    return "/" + inRoot(path.startsWith("/") ? path : workingDirectory + "/" + path);
  }

  static String parent(String path) {
    var slash = path.lastIndexOf('/');
    return slash < 0 ? "" : path.substring(0, slash);
  }

  static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  static String join(String directory, String name) {
    return directory.isEmpty() ? name : directory + "/" + name;
  }

  /** The names in a path; none for the root. */
  static List<String> names(String path) {
    return path.isEmpty() ? List.of() : new ArrayList<>(List.of(path.split("/", -1)));
  }

  /** Whether the path is the directory or below it. */
  static boolean isWithin(String path, String directory) {
    return directory.isEmpty() || path.equals(directory) || path.startsWith(directory + "/");
  }
}
