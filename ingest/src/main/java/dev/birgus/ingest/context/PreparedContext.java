package dev.birgus.ingest.context;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Failure;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A context that has become a directory.
 *
 * @param directory real path of the directory builds see
 * @param isForeign whether it came out of an archive: then a symbolic link in it may have been made
 *     to lead astray, while those in a user's own directory mean what they say
 */
public record PreparedContext(Path directory, boolean isForeign) {

  public PreparedContext {
    requireNonNull(directory, "directory");
  }

  /** Whether the path is, by its name, inside. */
  boolean contains(Path path) {
    return path.startsWith(directory);
  }

  /**
   * The file an existing path stands for.
   *
   * @throws dev.birgus.infra.contracts.FailureException if that is outside of a foreign context
   */
  Path contained(Path path) {
    if (!isForeign) {
      return path;
    }
    try {
      var real = path.toRealPath();
      if (real.startsWith(directory)) {
        return path;
      }
    } catch (IOException e) {
      throw leadsOutside(path).toException(e);
    }
    throw leadsOutside(path).toException();
  }

  private static Failure leadsOutside(Path path) {
    return Failure.of(
        "outside-context",
        path + " leads outside of the build context",
        "Put the file itself into the archive instead of a symbolic link.");
  }
}
