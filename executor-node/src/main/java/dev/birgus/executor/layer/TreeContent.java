package dev.birgus.executor.layer;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.files.FileNames;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.snapshot.TreeChanges;
import dev.birgus.executor.snapshot.UpperEntry;
import dev.birgus.executor.snapshot.UpperEntry.FileId;
import dev.birgus.infra.contracts.BuildOptions;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;

/**
 * What has changed in a tree.
 *
 * @param tree nothing writes to while a layer is written
 */
public record TreeContent(Path tree, TreeChanges changes) implements LayerContent {

  public TreeContent {
    requireNonNull(tree, "tree");
    requireNonNull(changes, "changes");
  }

  @Override
  public boolean write(TarWriter tar, BuildOptions options) throws IOException {
    try (var files = LinuxFileSystem.open(tree)) {
      var entries = new EntryWriter(files, options, tar);
      var isEmpty = true;
      for (var change = changes.cursor(); change.next(); ) {
        EntryWriter.stopIfInterrupted();
        var path = FileNames.decode(change.path());
        if (entries.isIgnored(path)) {
          continue;
        }
        isEmpty = false;
        switch (change.type()) {
          case GONE -> entries.writeGone(path);
          case PUT -> put(files, path, false, entries);
          case REPLACED_DIRECTORY -> put(files, path, true, entries);
        }
      }
      return !isEmpty;
    }
  }

  private static void put(
      LinuxFileSystem files, String path, boolean hidesLower, EntryWriter entries)
      throws IOException {
    var status = files.status(path).orElseThrow(() -> new NoSuchFileException("/" + path));
    var isLink = status.kind() == Kind.SYMLINK;
    entries.write(
        new UpperEntry(
            path,
            false,
            hidesLower,
            status.kind() == Kind.DIRECTORY,
            new FileId(status.device(), status.inode()),
            status.links()),
        status,
        isLink ? Collections.emptySortedMap() : files.xattrs(path));
  }
}
