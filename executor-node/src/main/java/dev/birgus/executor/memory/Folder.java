package dev.birgus.executor.memory;

import dev.birgus.executor.files.FileStatus.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory as it is seen: what is written to it over what lower layers have. It knows the way it
 * was reached, which is how it becomes one that is written to.
 */
final class Folder {

  private final Optional<Folder> parent;
  private final String name;
  private @Nullable Node upper;
  private final List<Entry> lower;

  private Folder(Optional<Folder> parent, String name, @Nullable Node upper, List<Entry> lower) {
    this.parent = parent;
    this.name = name;
    this.upper = upper;
    this.lower = lower;
  }

  /**
   * The root.
   *
   * @param lower the roots of the lower layers, the highest first
   */
  static Folder root(Node upper, List<Entry> lower) {
    return new Folder(Optional.empty(), "", upper, List.copyOf(lower));
  }

  /**
   * What is seen under a name.
   *
   * @param upper null if it was not written to
   * @param lower what lower layers have; a directory's parts, the highest first, or one other file
   */
  record Child(@Nullable Node upper, List<Entry> lower) {

    /** What decides what it is. */
    Entry visible() {
      return upper == null ? lower.getFirst() : upper;
    }

    boolean isDirectory() throws IOException {
      return visible().kind() == Kind.DIRECTORY;
    }
  }

  boolean isRoot() {
    return parent.isEmpty();
  }

  String name() {
    return name;
  }

  Folder parent() {
    return parent.orElse(this);
  }

  Entry visible() {
    return upper == null ? lower.getFirst() : upper;
  }

  /** What is seen under a name; null if nothing is. */
  @Nullable Child child(String childName) throws IOException {
    var written = upper == null ? null : upper.child(childName);
    if (written == null) {
      var below = below(childName);
      return below.isEmpty() ? null : new Child(null, below);
    }
    if (written.kind() == Kind.DIRECTORY) {
      return new Child(written, written.isOpaque() ? List.of() : directoriesBelow(childName));
    }
    return new Child(written, List.of());
  }

  /** A directory seen in this one. */
  Folder folder(String childName, Child child) {
    return new Folder(Optional.of(this), childName, child.upper(), child.lower());
  }

  /** Whether a lower layer has something under a name, whatever was written over it. */
  boolean hasBelow(String childName) throws IOException {
    return !below(childName).isEmpty();
  }

  private List<Entry> directoriesBelow(String childName) throws IOException {
    var found = below(childName);
    return found.isEmpty() || found.getFirst().kind() == Kind.DIRECTORY ? found : List.of();
  }

  private List<Entry> below(String childName) throws IOException {
    if (lower.isEmpty()) {
      return List.of();
    }
    var found = new ArrayList<Entry>(2);
    for (var directory : lower) {
      var child = directory.child(childName);
      if (child == null) {
        continue;
      }
      var isDirectory = child.kind() == Kind.DIRECTORY;
      if (!child.isWhiteout() && (isDirectory || found.isEmpty())) {
        found.add(child);
      }
      if (!isDirectory || child.isOpaque()) {
        break;
      }
    }
    return found;
  }

  /**
   * The names in it.
   *
   * @param interprets whether names of whiteouts are none
   */
  Set<String> names(boolean interprets) throws IOException {
    if (!interprets && upper != null) {
      return new HashSet<>(upper.names());
    }
    var seen = new HashSet<String>();
    var there = new HashSet<String>();
    if (upper != null) {
      add(upper, seen, there);
    }
    for (var directory : lower) {
      add(directory, seen, there);
    }
    return there;
  }

  private static void add(Entry directory, Set<String> seen, Set<String> there) throws IOException {
    for (var each : directory.names()) {
      if (seen.add(each)) {
        var child = directory.child(each);
        if (child != null && !child.isWhiteout()) {
          there.add(each);
        }
      }
    }
  }

  /** What is written to, made a copy of the lower layers' with all directories above it. */
  Node written() throws IOException {
    if (upper == null) {
      var above = parent().written();
      // It may have been made since this one was looked up.
      var made = above.child(name);
      if (made == null) {
        made = Node.copyOf(lower.getFirst());
        above.put(name, made);
      }
      upper = made;
    }
    return upper;
  }
}
