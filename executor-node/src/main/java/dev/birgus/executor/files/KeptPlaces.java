package dev.birgus.executor.files;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Places of a root that are not the image's: they and all below them are never looked at, removed
 * or written to. The directories that lead to them stay, too, and are the image's.
 */
public final class KeptPlaces {

  /** Nothing is kept: all of a tree is the image's. */
  public static final KeptPlaces NONE = new KeptPlaces(List.of());

  /** Relative to the root, without a slash at either end. */
  private final Set<String> kept = new TreeSet<>();

  /**
   * Places to keep.
   *
   * @param places absolute in the root, normalized; of the root itself nothing can be asked
   * @throws IllegalArgumentException if a path is not absolute, or the root itself
   */
  public KeptPlaces(Collection<Path> places) {
    for (var place : places) {
      var path = place.normalize().toString();
      if (!path.startsWith("/") || path.equals("/")) {
        throw new IllegalArgumentException("not a place below the root: " + place);
      }
      kept.add(path.substring(1));
    }
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return kept.isEmpty();
  }

  /** Whether a path, with or without a slash in front, is a kept place or below one. */
  public boolean keeps(String path) {
    var place = relative(path);
    while (true) {
      if (kept.contains(place)) {
        return true;
      }
      var slash = place.lastIndexOf('/');
      if (slash < 0) {
        return false;
      }
      place = place.substring(0, slash);
    }
  }

  /** Whether a kept place is below this path; below the root there is if there is one at all. */
  public boolean leadsTo(String path) {
    var place = relative(path);
    return kept.stream().anyMatch(each -> place.isEmpty() || each.startsWith(place + "/"));
  }

  private static String relative(String path) {
    return path.startsWith("/") ? path.substring(1) : path;
  }

  /** The places, absolute and sorted. */
  public List<String> places() {
    return kept.stream().map(each -> "/" + each).toList();
  }
}
