package dev.birgus.executor.layer;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.files.FileNames;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.snapshot.TreeChanges;
import dev.birgus.executor.snapshot.UpperEntry;
import dev.birgus.executor.snapshot.UpperEntry.FileId;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;

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
  public void write(TarWriter tar, Optional<Instant> timestamp) throws IOException {
    try (var files = LinuxFileSystem.open(tree)) {
      var entries = new EntryWriter(files, timestamp, tar);
      for (var change = changes.cursor(); change.next(); ) {
        EntryWriter.stopIfInterrupted();
        var path = FileNames.decode(change.path());
        switch (change.type()) {
          case GONE -> entries.writeGone(path);
          case PUT -> put(files, path, false, entries);
          case REPLACED_DIRECTORY -> put(files, path, true, entries);
        }
      }
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
