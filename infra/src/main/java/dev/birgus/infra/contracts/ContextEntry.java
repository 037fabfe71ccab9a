package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.oci.Digest;
import java.util.Optional;

/**
 * One file of a build context.
 *
 * @param path relative, slashes between names, no leading or trailing one; the root is ""
 * @param kind what it is
 * @param mode permission bits with setuid, setgid and sticky, 0 to 07777
 * @param uid owner
 * @param gid group
 * @param size bytes of a regular file, else 0
 * @param modified nanoseconds since the epoch
 * @param linkTarget where a symbolic link points
 * @param identity what the content is known by: its digest, or a stamp (device, inode, change time)
 *     that is the same only while the file is unchanged on this machine
 */
public record ContextEntry(
    String path,
    Kind kind,
    int mode,
    long uid,
    long gid,
    long size,
    long modified,
    Optional<String> linkTarget,
    Identity identity) {

  /** What a file of a context is. */
  public enum Kind {
    FILE,
    DIRECTORY,
    SYMLINK,
    /** A fifo, socket or device. */
    OTHER
  }

  /** What the content of a file is known by. */
  public sealed interface Identity {
    /** The digest of the content: equal on every machine. */
    record Content(Digest digest) implements Identity {}

    /** A stamp of the local file system: equal on one machine, while the file is unchanged. */
    record Stamp(String value) implements Identity {}
  }

  public ContextEntry {
    requireNonNull(path, "path");
    requireNonNull(kind, "kind");
    requireNonNull(linkTarget, "linkTarget");
    requireNonNull(identity, "identity");
  }
}
