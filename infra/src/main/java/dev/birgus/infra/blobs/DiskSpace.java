package dev.birgus.infra.blobs;

import dev.birgus.infra.contracts.Failure;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Tells a disk that takes nothing more from other failures: neither the JDK nor a system call has
 * an exception of its own for it, only the words of the error number.
 */
public final class DiskSpace {

  /** ENOSPC, also when a file system has inodes for no more files. */
  private static final String FULL = "No space left on device";

  /** EDQUOT. */
  private static final String QUOTA = "Disk quota exceeded";

  /** EROFS. */
  private static final String READ_ONLY = "Read-only file system";

  private static final String ADVICE =
      "free some space there (birgus prune deletes what is kept from earlier builds), or name"
          + " another folder with --state-dir or BIRGUS_STATE_DIR";

  private DiskSpace() {}

  /** Whether an exception, or what caused it, is that no space is left, or the quota is used up. */
  public static boolean isExhausted(Throwable failure) {
    return says(failure, FULL) || says(failure, QUOTA);
  }

  /** Whether an exception is that the disk takes nothing more, for whatever of these reasons. */
  public static boolean isUnwritable(Throwable failure) {
    return isExhausted(failure) || says(failure, READ_ONLY);
  }

  /**
   * What to tell of a disk that takes nothing more.
   *
   * @param what should be written, for instance a path in the image
   * @param folder on that disk
   * @return empty if something else is wrong
   */
  public static Optional<Failure> failure(String what, Path folder, IOException failed) {
    if (says(failed, FULL)) {
      var why = "the disk of the state folder, at " + folder + ", is full or has no inode left";
      return Optional.of(noSpace(what, why));
    }
    if (says(failed, QUOTA)) {
      var why = "the quota of the disk of the state folder, at " + folder + ", is used up";
      return Optional.of(noSpace(what, why));
    }
    if (says(failed, READ_ONLY)) {
      return Optional.of(
          Failure.of(
              "disk-read-only",
              "cannot write "
                  + what
                  + ": the disk of the state folder, at "
                  + folder
                  + ", is read-only",
              "name another folder with --state-dir or BIRGUS_STATE_DIR"));
    }
    return Optional.empty();
  }

  private static Failure noSpace(String what, String why) {
    return Failure.of("disk-full", "no space is left for " + what + ": " + why, ADVICE);
  }

  /** The words have to be all that is said: a path may have them in its name. */
  private static boolean says(Throwable failure, String words) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      var said = cause instanceof FileSystemException file ? file.getReason() : plainMessage(cause);
      if (words.equals(said)) {
        return true;
      }
    }
    return false;
  }

  private static String plainMessage(Throwable cause) {
    return cause instanceof IOException ? String.valueOf(cause.getMessage()) : "";
  }
}
