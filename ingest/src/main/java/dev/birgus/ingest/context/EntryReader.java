package dev.birgus.ingest.context;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.ContextEntry;
import dev.birgus.infra.contracts.ContextEntry.Identity;
import dev.birgus.infra.contracts.ContextEntry.Kind;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Reads what an index says about a file, with one system call for most. */
final class EntryReader {

  // All of unix:* would look up the names of user and group of every file.
  private static final String ATTRIBUTES = "unix:mode,uid,gid,size,lastModifiedTime,dev,ino,ctime";

  // The file type bits of st_mode: inode(7).
  private static final int TYPE_MASK = 0170000;
  private static final int REGULAR = 0100000;
  private static final int DIRECTORY = 0040000;
  private static final int SYMLINK = 0120000;

  /**
   * A directory's change time moves with every file in it, excluded ones too, so it must not be
   * part of what the directory is known by; its entries speak for themselves.
   */
  private static final Identity DIRECTORY_IDENTITY = new Identity.Stamp("directory");

  private EntryReader() {}

  static ContextEntry read(Path path, String name) throws IOException {
    var attributes = Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
    var mode = number(attributes, "mode");
    var kind = kind((int) mode);
    var target =
        kind == Kind.SYMLINK
            ? Optional.of(FileNames.text(Files.readSymbolicLink(path), path))
            : Optional.<String>empty();
    return new ContextEntry(
        name,
        kind,
        (int) mode & 07777,
        number(attributes, "uid"),
        number(attributes, "gid"),
        kind == Kind.FILE ? number(attributes, "size") : 0,
        time(attributes, "lastModifiedTime"),
        target,
        identity(kind, target, attributes));
  }

  private static Kind kind(int mode) {
    return switch (mode & TYPE_MASK) {
      case REGULAR -> Kind.FILE;
      case DIRECTORY -> Kind.DIRECTORY;
      case SYMLINK -> Kind.SYMLINK;
      default -> Kind.OTHER;
    };
  }

  private static Identity identity(
      Kind kind, Optional<String> target, Map<String, Object> attributes) {
    return switch (kind) {
      case DIRECTORY -> DIRECTORY_IDENTITY;
      case SYMLINK ->
          new Identity.Content(
              Digest.ofSha256(
                  Digest.newSha256()
                      .digest(target.orElseThrow().getBytes(StandardCharsets.UTF_8))));
      case FILE, OTHER ->
          new Identity.Stamp(
              number(attributes, "dev")
                  + ":"
                  + number(attributes, "ino")
                  + ":"
                  + time(attributes, "ctime")
                  + ":"
                  + number(attributes, "size"));
    };
  }

  /** Java knows user and group as signed integers; they are unsigned ones. */
  private static long number(Map<String, Object> attributes, String name) {
    return switch (requireNonNull(attributes.get(name), name)) {
      case Integer signed -> Integer.toUnsignedLong(signed);
      case Long value -> value;
      case Object other -> throw new IllegalStateException(name + " is no number: " + other);
    };
  }

  private static long time(Map<String, Object> attributes, String name) {
    return ((FileTime) requireNonNull(attributes.get(name), name)).to(TimeUnit.NANOSECONDS);
  }
}
