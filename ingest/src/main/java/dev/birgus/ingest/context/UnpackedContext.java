package dev.birgus.ingest.context;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.blobs.ContextStore;
import dev.birgus.infra.contracts.ContextEntry;
import dev.birgus.infra.contracts.ContextEntry.Identity;
import dev.birgus.infra.contracts.ContextEntry.Kind;
import dev.birgus.infra.contracts.ContextIndex;
import dev.birgus.infra.oci.Digest;
import dev.birgus.ingest.ignore.IgnoreRules;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A context that was unpacked here, with all that is in it known. Its files are root's, whoever
 * unpacked them, and are known by the digests of their content, so that stages have the same ids on
 * every node.
 */
record UnpackedContext(Path directory, ContextIndex all) implements ContextStore.Context {

  private static final int BUFFER = 1 << 16;

  UnpackedContext {
    requireNonNull(directory, "directory");
    requireNonNull(all, "all");
  }

  /** What is in a directory, which has just been unpacked. */
  static ContextIndex look(Path directory, List<String> excluded) throws IOException {
    var walk = new ContextWalk(directory, IgnoreRules.none());
    walk.add("");
    var digests = new HashMap<Identity, Identity>();
    var entries = new ArrayList<ContextEntry>();
    for (var entry : walk.index().entries()) {
      entries.add(everywhere(directory, entry, digests));
    }
    return new ContextIndex(entries, excluded);
  }

  /** An entry as any node sees it. */
  private static ContextEntry everywhere(
      Path directory, ContextEntry entry, Map<Identity, Identity> digests) throws IOException {
    var identity = entry.identity();
    if (entry.kind() == Kind.FILE) {
      var known = digests.get(identity);
      if (known == null) {
        known = new Identity.Content(digest(directory.resolve(entry.path())));
        digests.put(identity, known);
      }
      identity = known;
    }
    return new ContextEntry(
        entry.path(),
        entry.kind(),
        entry.mode(),
        0,
        0,
        entry.size(),
        entry.modified(),
        entry.linkTarget(),
        identity);
  }

  private static Digest digest(Path file) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("interrupted");
    }
    var computation = Digest.newSha256();
    try (var in = Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      var buffer = new byte[BUFFER];
      for (var count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        computation.update(buffer, 0, count);
      }
    }
    return Digest.ofSha256(computation.digest());
  }

  @Override
  public ContextIndex index(Set<String> roots) {
    var entries = new HashMap<String, ContextEntry>();
    for (var root : roots) {
      add(ContextWalk.parts(root), entries);
    }
    var excluded =
        all.excluded().stream()
            .filter(path -> roots.stream().anyMatch(root -> concerns(path, root)))
            .toList();
    return new ContextIndex(entries.values(), excluded);
  }

  /** As {@link ContextWalk#add} walks: a symbolic link on the way is where it ends. */
  private void add(List<String> parts, Map<String, ContextEntry> entries) {
    var parents = new ArrayList<ContextEntry>();
    var name = "";
    var entry = all.get(name).orElse(null);
    for (var part : parts) {
      if (entry == null || entry.kind() == Kind.SYMLINK) {
        break;
      }
      if (entry.kind() != Kind.DIRECTORY) {
        return;
      }
      parents.add(entry);
      name = name.isEmpty() ? part : name + "/" + part;
      entry = all.get(name).orElse(null);
    }
    if (entry == null) {
      return;
    }
    parents.add(entry);
    parents.forEach(each -> entries.put(each.path(), each));
    if (entry.kind() == Kind.DIRECTORY) {
      all.below(entry.path()).forEach(each -> entries.put(each.path(), each));
    }
  }

  /** Whether it says something about a root that a path, and all in it, was taken out. */
  private static boolean concerns(String excluded, String root) {
    var path = String.join("/", ContextWalk.parts(root));
    return path.isEmpty() || within(excluded, path) || within(path, excluded);
  }

  private static boolean within(String path, String directory) {
    return path.equals(directory) || path.startsWith(directory + "/");
  }
}
