package dev.birgus.executor.operation;

import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.FileSystem;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The files of a stage or an image. Sources are patterns of Go's {@code filepath.Match}, seen from
 * its root; links are followed up to the first wildcard, as BuildKit does.
 */
public final class RootTree implements SourceTree {

  private static final int MOST_NEAR_MISSES = 3;

  private final FileSystem files;
  private final Closeable mount;

  /**
   * The files of a root.
   *
   * @param mount closed after the files are
   */
  public RootTree(FileSystem files, Closeable mount) {
    this.files = files;
    this.mount = mount;
  }

  @Override
  public FileSystem files() {
    return files;
  }

  @Override
  public List<String> select(String source) throws IOException {
    var names = names(source);
    var literal = 0;
    while (literal < names.size() && !GoPattern.hasWildcard(names.get(literal))) {
      literal++;
    }
    var prefix =
        "/"
            + String.join(
                "/", names.subList(0, literal).stream().map(GoPattern::unescaped).toList());
    if (literal == names.size()) {
      if (files.status(files.resolve(prefix)).isEmpty()) {
        throw notFound(source, prefix);
      }
      return List.of(prefix);
    }
    var found = List.of(files.resolve(prefix));
    for (var name : names.subList(literal, names.size())) {
      found = matching(found, name);
    }
    return found;
  }

  @Override
  public FailureException nothingAt(String source) throws IOException {
    return notFound(source, "/" + String.join("/", names(source)));
  }

  @Override
  public List<String> children(String directory) throws IOException {
    return files.list(directory);
  }

  @Override
  public boolean listsWhiteouts() {
    return true;
  }

  private List<String> matching(List<String> directories, String pattern) throws IOException {
    var found = new ArrayList<String>();
    for (var directory : directories) {
      if (files.status(directory).map(FileStatus::kind).orElse(Kind.FILE) != Kind.DIRECTORY) {
        continue;
      }
      for (var name : files.list(directory)) {
        var path = directory.equals("/") ? "/" + name : directory + "/" + name;
        if (GoPattern.matches(pattern, name) && files.status(path).isPresent()) {
          found.add(path);
        }
      }
    }
    return found;
  }

  private static List<String> names(String source) {
    var names = new ArrayList<String>();
    for (var name : source.split("/")) {
      if (name.equals("..")) {
        if (!names.isEmpty()) {
          names.removeLast();
        }
      } else if (!name.isEmpty() && !name.equals(".")) {
        names.add(name);
      }
    }
    return names;
  }

  private FailureException notFound(String source, String path) throws IOException {
    var near = nearMisses(path);
    return Failure.of(
            "source-not-found",
            "there is nothing at \"" + source + "\"",
            near.isEmpty() ? "check the path" : "did you mean " + String.join(" or ", near) + "?")
        .toException();
  }

  /** Names in the same directory that differ in case, or in a few letters at the end. */
  private List<String> nearMisses(String path) throws IOException {
    var slash = path.lastIndexOf('/');
    var directory = files.resolve(slash <= 0 ? "/" : path.substring(0, slash));
    if (files.status(directory).map(FileStatus::kind).orElse(Kind.FILE) != Kind.DIRECTORY) {
      return List.of();
    }
    var wanted = path.substring(slash + 1).toLowerCase(Locale.ROOT);
    var shared = wanted.substring(0, (wanted.length() + 1) / 2);
    return files.list(directory).stream()
        .filter(name -> name.toLowerCase(Locale.ROOT).startsWith(shared))
        .limit(MOST_NEAR_MISSES)
        .map(name -> directory.equals("/") ? "/" + name : directory + "/" + name)
        .toList();
  }

  @Override
  public void close() throws IOException {
    try (mount) {
      files.close();
    }
  }
}
