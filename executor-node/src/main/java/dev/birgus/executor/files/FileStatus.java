package dev.birgus.executor.files;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * What the kernel says of a file.
 *
 * @param mode permission bits with setuid, setgid and sticky, 0 to 07777
 * @param modified nanoseconds since the epoch
 * @param major device number of a device node, else 0
 * @param minor device number of a device node, else 0
 * @param linkTarget where a symbolic link points
 */
public record FileStatus(
    Kind kind,
    int mode,
    long uid,
    long gid,
    long size,
    long modified,
    long device,
    long inode,
    long links,
    int major,
    int minor,
    Optional<String> linkTarget) {

  /** Kinds of files. */
  public enum Kind {
    FILE,
    DIRECTORY,
    SYMLINK,
    FIFO,
    CHARACTER_DEVICE,
    BLOCK_DEVICE,
    SOCKET
  }

  public FileStatus {
    requireNonNull(kind, "kind");
    requireNonNull(linkTarget, "linkTarget");
  }
}
