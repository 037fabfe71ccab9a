package dev.birgus.planner.plan;

import dev.birgus.infra.contracts.ContextEntry;
import dev.birgus.infra.contracts.ContextEntry.Kind;
import dev.birgus.infra.pattern.PathFilter;
import dev.birgus.planner.plan.Selection.Nothing;
import dev.birgus.planner.plan.Selection.Selected;
import dev.birgus.planner.plan.Selection.Unknown;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Selects files of a context by the sources of COPY and ADD, without leaving the context: {@code
 * ..} stops at its root, and so does a symbolic link.
 *
 * @param filter which files below a source, or sources that are no directory, are taken
 * @param below whether sources are directories of which something must be included, as with {@code
 *     --parents}
 */
record SourceSelector(IndexedFiles files, PathFilter filter, boolean below) {

  private static final int MAX_LINKS = 40;
  private static final int MAX_NEAR_MISSES = 3;

  /**
   * The files of a source.
   *
   * @param written all of the source as written, for messages
   * @throws IllegalArgumentException naming what is wrong with the pattern
   */
  Selection select(String source, String written) {
    var pattern = PathPattern.parse(ContextPath.inRoot(source));
    var prefix = pattern.literalPrefix();
    var located = locate(prefix);
    return switch (located) {
      case Selected(var paths, _) when pattern.hasWildcard() ->
          matches(paths.getFirst(), pattern.afterPrefix(), written, MAX_LINKS);
      case Selected(var paths, _) -> withLinks(paths, written);
      case Unknown unknown -> unknown;
      case Nothing _ -> new Nothing(whyNothing(ContextPath.inRoot(written)));
    };
  }

  /** The entry at a literal path, links on the way to it followed, a link at its end kept. */
  private Selection locate(String path) {
    if (!files.covers(path)) {
      return new Unknown(path);
    }
    if (path.isEmpty() || files.index().get(path).isPresent()) {
      return new Selected(List.of(path), List.of());
    }
    if (!files.isWhole()) {
      return new Unknown("");
    }
    return followed(path)
        .<Selection>map(real -> new Selected(List.of(real), List.of()))
        .orElseGet(() -> new Nothing(""));
  }

  /** The path with links in its directories followed; only right in a whole index. */
  private Optional<String> followed(String path) {
    var todo = new ArrayDeque<>(ContextPath.names(path));
    var done = "";
    var links = 0;
    while (!todo.isEmpty()) {
      var next = ContextPath.join(done, todo.pop());
      var entry = files.index().get(next);
      if (entry.isEmpty()) {
        return Optional.empty();
      }
      if (entry.get().kind() == Kind.SYMLINK && !todo.isEmpty()) {
        links++;
        if (links > MAX_LINKS) {
          return Optional.empty();
        }
        var rest = String.join("/", todo);
        todo = new ArrayDeque<>(ContextPath.names(target(entry.get()) + "/" + rest));
        done = "";
        if (todo.peekFirst() != null && todo.peekFirst().isEmpty()) {
          todo.pop();
        }
      } else {
        done = next;
      }
    }
    return Optional.of(done);
  }

  /** Where a link points inside the context. */
  private static String target(ContextEntry link) {
    var written = link.linkTarget().orElse("");
    var from = written.startsWith("/") ? "" : ContextPath.parent(link.path());
    return ContextPath.inRoot(from + "/" + written);
  }

  private Selection matches(String directory, PathPattern pattern, String source, int links) {
    if (!files.covers(directory)) {
      return new Unknown(directory);
    }
    var entry = files.index().get(directory);
    if (entry.isPresent() && entry.get().kind() == Kind.SYMLINK) {
      return links == 0
          ? new Nothing("it goes through a circle of symbolic links")
          : matches(target(entry.get()), pattern, source, links - 1);
    }
    var found = new ArrayList<String>();
    for (var candidate : files.index().below(directory)) {
      var path = candidate.path();
      var inDirectory = directory.isEmpty() ? path : path.substring(directory.length() + 1);
      if (pattern.matches(inDirectory)) {
        found.add(path);
      }
    }
    if (!found.isEmpty()) {
      return withLinks(found, source);
    }
    return files.isWhole() ? new Nothing(whyNothing(ContextPath.inRoot(source))) : new Unknown("");
  }

  /** Adds what the result depends on; a source that is a link stands for what it points to. */
  private Selection withLinks(List<String> paths, String written) {
    var read = new LinkedHashMap<String, ContextEntry>();
    var taken = false;
    for (var path : paths) {
      var here = path;
      for (var links = 0; links <= MAX_LINKS; links++) {
        var entry = files.index().get(here);
        if (entry.isEmpty() && !here.isEmpty()) {
          return new Nothing(path + " is a symbolic link that leads to nothing in the context");
        }
        entry.ifPresent(known -> read.put(known.path(), known));
        if (here.isEmpty() || entry.filter(e -> e.kind() == Kind.DIRECTORY).isPresent()) {
          taken |= addBelow(here, read);
        }
        if (entry.isEmpty() || entry.get().kind() != Kind.SYMLINK) {
          break;
        }
        switch (locate(target(entry.get()))) {
          case Selected(var real, _) -> here = real.getFirst();
          case Unknown unknown -> {
            return unknown;
          }
          case Nothing _ -> {
            return new Nothing(path + " is a symbolic link that leads to nothing in the context");
          }
        }
      }
    }
    return below && !taken
        ? new Nothing(whyNothing(ContextPath.inRoot(written)))
        : new Selected(paths, List.copyOf(read.values()));
  }

  /**
   * Adds what is taken below a directory, and the directories on the way; whether any is included.
   */
  private boolean addBelow(String directory, Map<String, ContextEntry> read) {
    var any = false;
    for (var known : files.index().below(directory)) {
      var path = known.path();
      var inDirectory = directory.isEmpty() ? path : path.substring(directory.length() + 1);
      any |= filter.includes(inDirectory);
      if (filter.takes(inDirectory)) {
        read.put(path, known);
        for (var up = ContextPath.parent(path);
            up.length() > directory.length() && !read.containsKey(up);
            up = ContextPath.parent(up)) {
          var parent = up;
          files.index().get(up).ifPresent(entry -> read.put(parent, entry));
        }
      }
    }
    return any;
  }

  private String whyNothing(String path) {
    for (var excluded : files.index().excluded()) {
      if (ContextPath.isWithin(path, excluded)) {
        return "the ignore file excludes " + excluded;
      }
    }
    var pattern = PathPattern.parse(path);
    for (var excluded : files.index().excluded()) {
      if (pattern.hasWildcard() && pattern.matches(excluded)) {
        return "the ignore file excludes " + excluded;
      }
    }
    var near = nearMisses(path);
    return near.isEmpty()
        ? "paths are relative to the build context; check it and its ignore file"
        : "did you mean " + String.join(", ", near) + "?";
  }

  private List<String> nearMisses(String path) {
    var near = new ArrayList<String>();
    var name = ContextPath.name(path);
    for (var entry : files.index().entries()) {
      var there = entry.path();
      var sameDirectory = ContextPath.parent(there).equals(ContextPath.parent(path));
      if (!there.isEmpty()
          && near.size() < MAX_NEAR_MISSES
          && (ContextPath.name(there).equalsIgnoreCase(name)
              || (sameDirectory && isNear(ContextPath.name(there), name)))) {
        near.add(there);
      }
    }
    return near;
  }

  /** Whether one becomes the other by at most two letters put in, taken out or changed. */
  private static boolean isNear(String one, String other) {
    if (Math.abs(one.length() - other.length()) > 2 || Math.min(one.length(), other.length()) < 3) {
      return false;
    }
    var previous = new int[other.length() + 1];
    for (var j = 0; j <= other.length(); j++) {
      previous[j] = j;
    }
    for (var i = 1; i <= one.length(); i++) {
      var current = new int[other.length() + 1];
      current[0] = i;
      for (var j = 1; j <= other.length(); j++) {
        var change = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
        current[j] = Math.min(Math.min(current[j - 1], previous[j]) + 1, previous[j - 1] + change);
      }
      previous = current;
    }
    return previous[other.length()] <= 2;
  }
}
