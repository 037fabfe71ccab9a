package dev.birgus.ingest.context;

import dev.birgus.infra.contracts.ContextEntry;
import dev.birgus.infra.contracts.ContextEntry.Kind;
import dev.birgus.infra.contracts.ContextIndex;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.ingest.ignore.IgnoreRules;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a build may see below some roots of a directory. Symbolic links are entries, never
 * followed, so nothing outside the directory is looked at. Files that vanish meanwhile are not
 * there.
 */
final class ContextWalk {

  private static final int MAX_EXCLUDED = 1000;

  private final Path directory;
  private final IgnoreRules rules;
  private final Map<String, ContextEntry> entries = new HashMap<>();
  private final Set<String> excluded = new LinkedHashSet<>();
  private final Set<String> done = new HashSet<>();

  ContextWalk(Path directory, IgnoreRules rules) {
    this.directory = directory;
    this.rules = rules;
  }

  ContextIndex index() {
    return new ContextIndex(entries.values(), List.copyOf(excluded));
  }

  /**
   * Adds what is at and below a root, and the directories above it. If one of these is a symbolic
   * link the way ends with it: where it leads is another root, for whoever wants to follow it.
   */
  void add(String root) throws IOException {
    var parents = new ArrayList<ContextEntry>();
    var path = directory;
    var name = "";
    var entry = entry(path, name);
    for (var part : parts(root)) {
      if (entry == null || entry.kind() == Kind.SYMLINK || done.contains(name)) {
        break;
      }
      if (entry.kind() != Kind.DIRECTORY) {
        return;
      }
      parents.add(entry);
      path = resolve(path, part);
      name = name.isEmpty() ? part : name + "/" + part;
      entry = entry(path, name);
    }
    if (entry != null && done.add(name) && collect(path, entry)) {
      for (var parent : parents) {
        entries.put(parent.path(), parent);
      }
    }
  }

  /** The names of a path, which cannot leave the context: {@code ..} at its top stays there. */
  static List<String> parts(String path) {
    var parts = new ArrayList<String>();
    for (var part : path.split("/", -1)) {
      if (part.equals("..")) {
        if (!parts.isEmpty()) {
          parts.removeLast();
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return parts;
  }

  private Path resolve(Path parent, String name) {
    try {
      return parent.resolve(name);
    } catch (InvalidPathException e) {
      throw FileNames.notText(parent, e);
    }
  }

  /** Adds an entry and what is in it; whether anything of it may be seen. */
  private boolean collect(Path path, ContextEntry entry) throws IOException {
    var isExcluded = rules.excludes(entry.path());
    var collected = !isExcluded;
    if (entry.kind() == Kind.DIRECTORY) {
      if (isExcluded && !rules.mayContainIncluded(entry.path())) {
        exclude(entry.path());
        return false;
      }
      collected |= collectChildren(path, entry.path());
    }
    // An excluded directory is still there if an exception brings back something in it.
    if (collected) {
      entries.put(entry.path(), entry);
    } else {
      exclude(entry.path());
    }
    return collected;
  }

  private boolean collectChildren(Path parent, String parentName) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("interrupted");
    }
    var collected = false;
    try (var children = Files.newDirectoryStream(parent)) {
      for (var child : children) {
        var name = FileNames.text(child.getFileName(), parent);
        var entry = entry(child, parentName.isEmpty() ? name : parentName + "/" + name);
        if (entry != null) {
          collected |= collect(child, entry);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return collected;
    } catch (AccessDeniedException e) {
      throw unreadable(parent, e);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return collected;
  }

  private @Nullable ContextEntry entry(Path path, String name) throws IOException {
    try {
      return EntryReader.read(path, name);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return null;
    } catch (AccessDeniedException e) {
      throw unreadable(path, e);
    }
  }

  static FailureException unreadable(Path path, Exception cause) {
    return Failure.of(
            "unreadable-context",
            "no permission to read " + path + " in the build context",
            "Change its permissions, or exclude it in .dockerignore.")
        .toException(cause);
  }

  private void exclude(String path) {
    if (excluded.size() < MAX_EXCLUDED) {
      excluded.add(path);
    }
  }
}
