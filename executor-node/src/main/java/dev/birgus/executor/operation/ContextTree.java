package dev.birgus.executor.operation;

import dev.birgus.executor.files.FileSystem;
import dev.birgus.executor.files.Roots;
import dev.birgus.infra.blobs.ContextStore.Context;
import dev.birgus.infra.contracts.ContextEntry;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The files of a build context, without those the ignore file takes out. */
public final class ContextTree implements SourceTree {

  private final FileSystem files;
  private final Set<String> paths = new HashSet<>();
  private final Map<String, List<String>> children = new HashMap<>();

  private ContextTree(FileSystem files, Collection<ContextEntry> entries) {
    this.files = files;
    for (var entry : entries) {
      var path = entry.path();
      paths.add(path);
      if (!path.isEmpty()) {
        var slash = path.lastIndexOf('/');
        children
            .computeIfAbsent(slash < 0 ? "" : path.substring(0, slash), _ -> new ArrayList<>())
            .add(path.substring(slash + 1));
      }
    }
  }

  /**
   * Opens as much of a context as a transfer needs.
   *
   * @param sources paths in the context; "" for all of it
   */
  public static ContextTree open(Context context, Roots roots, List<String> sources)
      throws IOException {
    var files = roots.open(context.directory());
    try {
      var wanted = new HashSet<String>();
      for (var source : sources) {
        wanted.add(relative(source));
        wanted.add(relative(files.resolve(source)));
      }
      return new ContextTree(files, context.index(wanted).entries());
    } catch (IOException | RuntimeException failed) {
      files.close();
      throw failed;
    }
  }

  @Override
  public FileSystem files() {
    return files;
  }

  @Override
  public List<String> select(String source) throws IOException {
    var path = relative(source);
    if (!path.isEmpty()
        && (!paths.contains(path) || !paths.contains(relative(files.resolve(path))))) {
      throw nothingAt(source);
    }
    return List.of("/" + path);
  }

  @Override
  public FailureException nothingAt(String source) {
    return Failure.of(
            "source-not-found",
            "\"" + source + "\" is not in the build context",
            "check the path, and that the ignore file does not take it out")
        .toException();
  }

  @Override
  public boolean listsWhiteouts() {
    return false;
  }

  @Override
  public List<String> children(String directory) {
    return children.getOrDefault(relative(directory), List.of());
  }

  private static String relative(String path) {
    var start = 0;
    while (start < path.length() && path.charAt(start) == '/') {
      start++;
    }
    var end = path.length();
    while (end > start && path.charAt(end - 1) == '/') {
      end--;
    }
    var name = path.substring(start, end);
    return name.equals(".") ? "" : name;
  }

  @Override
  public void close() throws IOException {
    files.close();
  }
}
