package dev.birgus.planner.service;

import dev.birgus.infra.blobs.ContextStore;
import dev.birgus.infra.contracts.ContextEntry;
import dev.birgus.infra.contracts.ContextIndex;
import dev.birgus.infra.contracts.ContextRef;
import dev.birgus.infra.oci.Digest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Contexts whose files are lines of a test; it notes which roots were walked. */
public final class InMemoryContexts implements ContextStore {

  private final Map<ContextRef, Map<String, ContextEntry>> contexts = new LinkedHashMap<>();
  private final List<String> excluded = new ArrayList<>();
  private final Set<String> walked = new TreeSet<>();

  /** Adds a regular file and its directories. */
  public void file(ContextRef context, String path, String content) {
    var bytes = content.getBytes(StandardCharsets.UTF_8);
    put(
        context,
        path,
        ContextEntry.Kind.FILE,
        bytes.length,
        Optional.empty(),
        Digest.sha256(bytes));
  }

  /** Adds a symbolic link and its directories. */
  public void link(ContextRef context, String path, String target) {
    put(
        context,
        path,
        ContextEntry.Kind.SYMLINK,
        0,
        Optional.of(target),
        Digest.sha256(target.getBytes(StandardCharsets.UTF_8)));
  }

  /** Adds an entry as it is. */
  public void entry(ContextRef context, ContextEntry entry) {
    contexts.computeIfAbsent(context, _ -> new LinkedHashMap<>()).put(entry.path(), entry);
  }

  /** Takes a path out, as an ignore file does. */
  public void exclude(String path) {
    excluded.add(path);
  }

  /** The roots that were asked for. */
  public Set<String> walked() {
    return Set.copyOf(walked);
  }

  private void put(
      ContextRef context,
      String path,
      ContextEntry.Kind kind,
      long size,
      Optional<String> target,
      Digest content) {
    var empty = Digest.sha256(new byte[0]);
    for (var slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      entry(
          context,
          entry(path.substring(0, slash), ContextEntry.Kind.DIRECTORY, 0, Optional.empty(), empty));
    }
    entry(context, entry("", ContextEntry.Kind.DIRECTORY, 0, Optional.empty(), empty));
    entry(context, entry(path, kind, size, target, content));
  }

  private static ContextEntry entry(
      String path, ContextEntry.Kind kind, long size, Optional<String> target, Digest content) {
    return new ContextEntry(
        path,
        kind,
        kind == ContextEntry.Kind.DIRECTORY ? 0755 : 0644,
        0,
        0,
        size,
        0,
        target,
        new ContextEntry.Identity.Content(content));
  }

  @Override
  public Context open(ContextRef ref) {
    var files = contexts.getOrDefault(ref, Map.of());
    return new Context() {
      @Override
      public ContextIndex index(Set<String> roots) {
        walked.addAll(roots);
        var seen = new ArrayList<ContextEntry>();
        for (var entry : files.values()) {
          if (roots.stream().anyMatch(root -> isShown(files, root, entry.path()))) {
            seen.add(entry);
          }
        }
        return new ContextIndex(seen, excluded);
      }

      @Override
      public Path directory() {
        throw new UnsupportedOperationException("planning reads no files");
      }
    };
  }

  private static boolean isShown(Map<String, ContextEntry> files, String root, String path) {
    return files.containsKey(root)
        && (root.isEmpty()
            || path.equals(root)
            || path.startsWith(root + "/")
            || root.startsWith(path + "/")
            || path.isEmpty());
  }
}
