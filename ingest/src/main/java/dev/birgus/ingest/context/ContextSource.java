package dev.birgus.ingest.context;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;

/** Where a build context comes from, as the value of {@code --context} says. */
public sealed interface ContextSource {

  /**
   * A directory, used where it is.
   *
   * @param path absolute
   */
  record Directory(Path path) implements ContextSource {
    public Directory {
      requireNonNull(path, "path");
    }
  }

  /**
   * A tar file, plain or compressed.
   *
   * @param path absolute
   */
  record TarFile(Path path) implements ContextSource {
    public TarFile {
      requireNonNull(path, "path");
    }
  }

  /** A tar on standard input. */
  record TarOnStandardInput() implements ContextSource {}

  /**
   * Reads {@code DIR}, {@code dir://DIR}, {@code tar://FILE}, {@code tar://stdin} or {@code -}.
   *
   * @param workingDirectory what relative paths are relative to
   * @throws FailureException if it is none of these
   */
  static ContextSource parse(String value, Path workingDirectory) {
    if (value.equals("-") || value.equals("tar://stdin")) {
      return new TarOnStandardInput();
    }
    var end = value.indexOf("://");
    var prefix = end < 0 ? "dir://" : value.substring(0, end + 3);
    var rest = end < 0 ? value : value.substring(end + 3);
    return switch (prefix) {
      case "dir://" -> new Directory(path(rest, value, workingDirectory));
      case "tar://" -> new TarFile(path(rest, value, workingDirectory));
      default -> throw refused(prefix, value);
    };
  }

  private static Path path(String text, String value, Path workingDirectory) {
    if (text.isEmpty()) {
      throw Failure.of(
              "bad-context",
              "error resolving source context: \"" + value + "\" names no path",
              "Give --context a directory, tar://FILE, or - for a tar on standard input.")
          .toException();
    }
    try {
      return workingDirectory.resolve(text).normalize();
    } catch (InvalidPathException e) {
      throw Failure.of(
              "bad-context",
              "error resolving source context: \"" + value + "\" is not a path: " + e.getReason(),
              "If the name is right, set LC_ALL=C.UTF-8.")
          .toException(e);
    }
  }

  private static FailureException refused(String prefix, String value) {
    var known = Set.of("gs://", "s3://", "git://", "https://").contains(prefix);
    var failure =
        known
            ? Failure.of(
                "context-not-supported",
                "error resolving source context: contexts of the kind "
                    + prefix
                    + " are not supported yet",
                "Fetch it first and give --context the directory or the tar file.")
            : Failure.of(
                "unknown-context-prefix",
                "error resolving source context: unknown build context prefix provided, please use one of the following: gs://,"
                    + " dir://, tar://, s3://, git://, https:// (got \""
                    + withoutPassword(value)
                    + "\")",
                "For a directory or a tar file give its path, or tar:// and its path.");
    return failure.toException();
  }

  /** What stands before an @ may be a password. */
  private static String withoutPassword(String value) {
    var at = value.lastIndexOf('@');
    return at < 0 ? value : value.substring(0, value.indexOf("://") + 3) + value.substring(at + 1);
  }
}
