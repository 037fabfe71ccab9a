package dev.birgus.executor.operation;

import dev.birgus.infra.blobs.ContextStore;
import dev.birgus.infra.contracts.ContextEntry;
import dev.birgus.infra.contracts.ContextEntry.Identity;
import dev.birgus.infra.contracts.ContextEntry.Kind;
import dev.birgus.infra.contracts.ContextIndex;
import dev.birgus.infra.contracts.ContextRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A folder as a context, without files whose name is "ignored". */
public final class FolderContext implements ContextStore, ContextStore.Context {

  private final Path folder;

  /** The context of this folder. */
  public FolderContext(Path folder) {
    this.folder = folder;
  }

  @Override
  public Context open(ContextRef ref) {
    return this;
  }

  @Override
  public Path directory() {
    return folder;
  }

  @Override
  public ContextIndex index(Set<String> roots) throws IOException {
    var entries = new ArrayList<ContextEntry>();
    try (var files = Files.walk(folder)) {
      files
          .filter(file -> !file.getFileName().toString().equals("ignored"))
          .map(file -> folder.relativize(file).toString())
          .filter(path -> roots.stream().anyMatch(root -> within(root, path)))
          .forEach(path -> entries.add(entry(path)));
    }
    return new ContextIndex(entries, List.of());
  }

  private static boolean within(String root, String path) {
    return root.isEmpty()
        || path.isEmpty()
        || path.equals(root)
        || path.startsWith(root + "/")
        || root.startsWith(path + "/");
  }

  private ContextEntry entry(String path) {
    var file = folder.resolve(path);
    var kind =
        Files.isSymbolicLink(file)
            ? Kind.SYMLINK
            : Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)
                ? Kind.DIRECTORY
                : Files.isRegularFile(file) ? Kind.FILE : Kind.OTHER;
    return new ContextEntry(
        path, kind, 0, 0, 0, 0, 0, Optional.empty(), new Identity.Stamp("unused"));
  }
}
