package dev.birgus.executor.stage;

import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.FileSystem;
import dev.birgus.infra.blobs.ContextStore.Context;
import dev.birgus.infra.contracts.ContextEntry;
import dev.birgus.infra.contracts.ContextIndex;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** The files of a context at one path, as a build may see them: root's, without the ignored. */
final class ContextFiles {

  private final FileSystem files;
  private final ContextIndex index;
  private final String path;

  private ContextFiles(FileSystem files, ContextIndex index, String path) {
    this.files = files;
    this.index = index;
    this.path = path;
  }

  /**
   * Looks at a path, links followed; empty if the build may not see anything there.
   *
   * @param files of the context's directory
   */
  static Optional<ContextFiles> of(Context context, FileSystem files, String source)
      throws IOException {
    var path = files.resolve(source).substring(1);
    var index = context.index(new HashSet<>(List.of(source, path)));
    var isThere = path.isEmpty() || index.get(path).isPresent();
    return isThere && files.status("/" + path).isPresent()
        ? Optional.of(new ContextFiles(files, index, path))
        : Optional.empty();
  }

  /** Absolute in the context. */
  String path() {
    return "/" + path;
  }

  boolean isDirectory() throws IOException {
    return files.status(path()).orElseThrow().kind() == Kind.DIRECTORY;
  }

  /** Whether the directory on the node looks just like that, so that nothing has to be copied. */
  boolean areAsTheyAre() throws IOException {
    if (!isRoots(path()) || !allChildrenVisible(path)) {
      return false;
    }
    for (var entry : index.below(path)) {
      var visible = entry.kind() != ContextEntry.Kind.DIRECTORY || allChildrenVisible(entry.path());
      if (!visible || !isRoots("/" + entry.path())) {
        return false;
      }
    }
    return true;
  }

  private boolean isRoots(String absolute) throws IOException {
    var status = files.status(absolute);
    return status.isPresent() && status.get().uid() == 0 && status.get().gid() == 0;
  }

  private boolean allChildrenVisible(String directory) throws IOException {
    return !isDirectory(directory)
        || children("/" + directory).size() == files.list("/" + directory).size();
  }

  private boolean isDirectory(String relative) throws IOException {
    return files.status("/" + relative).orElseThrow().kind() == Kind.DIRECTORY;
  }

  /** The names in a directory that the build may see. */
  List<String> children(String directory) throws IOException {
    var prefix = directory.equals("/") ? "" : directory.substring(1) + "/";
    var names = new ArrayList<String>();
    for (var name : files.list(directory)) {
      if (index.get(prefix + name).isPresent()) {
        names.add(name);
      }
    }
    return names;
  }

  /** Copies all of it. */
  void copyTo(FileSystem target, String name) throws IOException, InterruptedException {
    new TreeCopy(files, target, this::children, false).copy(path(), name);
  }
}
