package dev.birgus.ingest.context;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Names of files as text. To the kernel they are bytes, which need not be any text at all. */
final class FileNames {

  private FileNames() {}

  /**
   * The text of a name or of a link's target.
   *
   * @param directory it is in, for messages
   * @throws FailureException if the text would not lead back to the same bytes
   */
  static String text(Path name, Path directory) {
    var text = name.toString();
    // The replacement character stands for bytes that could not be read as characters.
    if (text.indexOf('\uFFFD') >= 0) {
      try {
        if (!name.getFileSystem().getPath(text).equals(name)) {
          throw notText(directory, null);
        }
      } catch (InvalidPathException e) {
        throw notText(directory, e);
      }
    }
    return text;
  }

  /** A name in this directory is no text the JVM can handle. */
  static FailureException notText(Path directory, @Nullable Exception cause) {
    var failure =
        Failure.of(
            "bad-file-name",
            "the build context directory " + directory + " has a file whose name is not UTF-8",
            "Rename it or exclude its directory in .dockerignore; if the name looks right to you,"
                + " set LC_ALL=C.UTF-8.");
    return cause == null ? failure.toException() : failure.toException(cause);
  }
}
