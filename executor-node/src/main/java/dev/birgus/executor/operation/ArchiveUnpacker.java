package dev.birgus.executor.operation;

import dev.birgus.executor.files.FileAttributes;
import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.FileSystem;
import dev.birgus.executor.run.UserLookup.Owner;
import dev.birgus.infra.contracts.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Unpacks a tar into a directory of a root. Links in the archive or in the root can lead anywhere
 * in the root but not out of it; entries replace what is there, directories are merged.
 */
final class ArchiveUnpacker {

  private static final String XATTR = "SCHILY.xattr.";
  private static final int PERMISSIONS = 07777;

  private final FileSystem files;
  private final String directory;
  private final Optional<Owner> owner;
  private final DirectoryMaker parents;
  private final Deque<Late> directories = new ArrayDeque<>();

  private record Late(String path, FileAttributes attributes) {}

  /**
   * An unpacker into this directory.
   *
   * @param owner of all that is unpacked; empty for the owners the archive says
   */
  ArchiveUnpacker(FileSystem files, String directory, Optional<Owner> owner, long now) {
    this.files = files;
    this.directory = directory;
    this.owner = owner;
    this.parents = new DirectoryMaker(files, owner.orElse(Owner.ROOT), now);
  }

  /**
   * Unpacks the whole tar.
   *
   * @param name of the archive, for messages
   */
  void unpack(InputStream tar, String name) throws IOException, InterruptedException {
    var archive = new TarArchiveInputStream(tar, StandardCharsets.UTF_8.name());
    for (var entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
      if (Thread.interrupted()) {
        throw new InterruptedException("cancelled while unpacking " + name);
      }
      if (!archive.canReadEntryData(entry)) {
        throw notSupported(name, entry, "sparse in a way that");
      }
      unpack(archive, entry, name);
    }
    while (!directories.isEmpty()) {
      var late = directories.pop();
      if (isDirectory(late.path())) {
        files.setAttributes(late.path(), late.attributes());
      }
    }
  }

  private void unpack(TarArchiveInputStream archive, TarArchiveEntry entry, String name)
      throws IOException {
    var path = place(entry.getName());
    var attributes = attributes(entry, name);
    if (entry.isDirectory()) {
      makeDirectory(path, attributes);
      return;
    }
    if (path.equals(directory)) {
      throw notSupported(name, entry, "without a name, which");
    }
    if (entry.isLink()) {
      var existing = place(entry.getLinkName());
      if (!existing.equals(path)) {
        files.remove(path);
        files.makeHardLink(path, existing);
      }
      return;
    }
    files.remove(path);
    if (entry.isSymbolicLink()) {
      files.makeSymlink(path, entry.getLinkName(), attributes);
    } else if (entry.isFIFO() || entry.isCharacterDevice() || entry.isBlockDevice()) {
      files.makeNode(path, node(entry), attributes);
    } else if (entry.isFile()) {
      try (var out = files.create(path, attributes)) {
        archive.transferTo(out);
      }
    } else {
      throw notSupported(name, entry, "of a type that");
    }
  }

  private void makeDirectory(String path, FileAttributes attributes) throws IOException {
    if (path.equals(directory)) {
      return; // It is there already, and is the Dockerfile's, not the archive's.
    }
    if (!isDirectory(path)) {
      files.remove(path);
      files.makeDirectory(path, attributes);
    }
    directories.push(new Late(path, attributes));
  }

  private boolean isDirectory(String path) throws IOException {
    return files.status(path).map(FileStatus::kind).orElse(Kind.FILE) == Kind.DIRECTORY;
  }

  /** Where an entry goes: its directory made and its links followed, the last name not. */
  private String place(String name) throws IOException {
    var names = new ArrayDeque<String>();
    for (var each : name.split("/")) {
      if (each.equals("..")) {
        names.pollLast();
      } else if (!each.isEmpty() && !each.equals(".")) {
        names.addLast(each);
      }
    }
    if (names.isEmpty()) {
      return directory;
    }
    var last = names.removeLast();
    var parent =
        names.isEmpty() ? directory : parents.make(join(directory, String.join("/", names)));
    return join(parent, last);
  }

  private FileAttributes attributes(TarArchiveEntry entry, String name) {
    return new FileAttributes(
        entry.getMode() & PERMISSIONS,
        owner.map(Owner::uid).orElse(entry.getLongUserId()),
        owner.map(Owner::gid).orElse(entry.getLongGroupId()),
        nanoseconds(entry.getLastModifiedTime()),
        xattrs(entry, name));
  }

  private static long nanoseconds(FileTime time) {
    var instant = time.toInstant();
    return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
  }

  private static SortedMap<String, String> xattrs(TarArchiveEntry entry, String name) {
    var xattrs = new TreeMap<String, String>();
    for (var header : entry.getExtraPaxHeaders().entrySet()) {
      if (!header.getKey().startsWith(XATTR)) {
        continue;
      }
      var attribute = header.getKey().substring(XATTR.length());
      if (!attribute.startsWith("user.") && !attribute.equals("security.capability")) {
        continue;
      }
      if (header.getValue().indexOf('\uFFFD') >= 0) {
        throw notSupported(name, entry, "with a binary attribute " + attribute + ", which");
      }
      var bytes = header.getValue().getBytes(StandardCharsets.UTF_8);
      xattrs.put(attribute, new String(bytes, StandardCharsets.ISO_8859_1));
    }
    return xattrs;
  }

  private static FileStatus node(TarArchiveEntry entry) {
    var kind =
        entry.isFIFO()
            ? Kind.FIFO
            : entry.isCharacterDevice() ? Kind.CHARACTER_DEVICE : Kind.BLOCK_DEVICE;
    return new FileStatus(
        kind,
        entry.getMode() & PERMISSIONS,
        entry.getLongUserId(),
        entry.getLongGroupId(),
        0,
        nanoseconds(entry.getLastModifiedTime()),
        0,
        0,
        1,
        entry.getDevMajor(),
        entry.getDevMinor(),
        Optional.empty());
  }

  private static RuntimeException notSupported(String name, TarArchiveEntry entry, String what) {
    return Failure.of(
            "not-supported-yet",
            "ADD of "
                + name
                + ": the entry "
                + entry.getName()
                + " is "
                + what
                + " is not supported yet",
            "COPY the archive and unpack it in a RUN")
        .toException();
  }

  private static String join(String parent, String name) {
    return parent.equals("/") ? "/" + name : parent + "/" + name;
  }
}
