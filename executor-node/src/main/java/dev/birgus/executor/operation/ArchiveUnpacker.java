package dev.birgus.executor.operation;

import dev.birgus.executor.files.FileAttributes;
import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.FileSystem;
import dev.birgus.executor.layer.DirectoryTimes;
import dev.birgus.executor.layer.TarEntry;
import dev.birgus.executor.layer.TarReader;
import dev.birgus.executor.layer.UnpackLimits;
import dev.birgus.executor.run.UserLookup.Owner;
import dev.birgus.infra.contracts.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Unpacks a tar into a directory of a root. Links in the archive or in the root can lead anywhere
 * in the root but not out of it; entries replace what is there, directories are merged.
 */
final class ArchiveUnpacker {

  private static final int BUFFER = 64 * 1024;

  private final FileSystem files;
  private final String directory;
  private final Optional<Owner> owner;
  private final DirectoryMaker parents;
  private final UnpackLimits limits;
  private final byte[] buffer = new byte[BUFFER];
  private long entries;
  private long bytes;

  /**
   * An unpacker into this directory.
   *
   * @param owner of all that is unpacked; empty for the owners the archive says
   */
  ArchiveUnpacker(FileSystem files, String directory, Optional<Owner> owner, long now) {
    this(files, directory, owner, now, UnpackLimits.DEFAULT);
  }

  ArchiveUnpacker(
      FileSystem files, String directory, Optional<Owner> owner, long now, UnpackLimits limits) {
    this.limits = limits;
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
    try (var archive = new TarReader(new ArchiveInput(tar, name), limits.extendedHeader());
        var times = timesOf(files)) {
      for (var entry = archive.next(); entry.isPresent(); entry = archive.next()) {
        if (Thread.interrupted()) {
          throw new InterruptedException("cancelled while unpacking " + name);
        }
        count(entry.get(), name);
        unpack(archive, entry.get(), name, times);
      }
      times.forEach(this::setTime);
    }
  }

  private static DirectoryTimes timesOf(FileSystem files) {
    return files.isInMemory() ? DirectoryTimes.inMemory() : DirectoryTimes.beside(files.root());
  }

  /** A small archive may ask for many entries, and for large files. */
  private void count(TarEntry entry, String name) {
    bytes += Math.min(entry.size(), Long.MAX_VALUE - bytes);
    if (++entries > limits.entries() || bytes > limits.bytes()) {
      throw Failure.of(
              "archive-too-large",
              "the archive "
                  + name
                  + " has more than "
                  + (entries > limits.entries()
                      ? limits.entries() + " entries"
                      : limits.bytes() + " bytes in its files"),
              "unpack it in parts")
          .toException();
    }
  }

  private void setTime(String path, long time) throws IOException {
    var there = files.status(path);
    if (there.isPresent() && there.get().kind() == Kind.DIRECTORY) {
      var status = there.get();
      var attributes =
          new FileAttributes(
              status.mode(), status.uid(), status.gid(), time, Collections.emptySortedMap());
      files.setAttributes(path, attributes);
    }
  }

  private void unpack(TarReader archive, TarEntry entry, String name, DirectoryTimes times)
      throws IOException {
    var path = place(entry.name());
    var attributes = attributes(entry);
    if (entry.type() == TarEntry.Type.DIRECTORY) {
      makeDirectory(path, attributes, times);
      return;
    }
    if (path.equals(directory)) {
      throw Failure.of(
              "tar-broken",
              "the entry " + entry.name() + " of " + name + " has no name of its own",
              "make the archive again")
          .toException();
    }
    var existing = entry.type() == TarEntry.Type.HARD_LINK ? place(entry.link()) : "";
    if (existing.equals(path)) {
      return;
    }
    files.remove(path);
    switch (entry.type()) {
      case FILE -> writeFile(archive, path, attributes);
      case HARD_LINK -> files.makeHardLink(path, existing);
      case SYMLINK -> files.makeSymlink(path, entry.link(), attributes);
      case FIFO -> makeNode(path, Kind.FIFO, entry, attributes);
      case CHARACTER_DEVICE -> makeNode(path, Kind.CHARACTER_DEVICE, entry, attributes);
      case BLOCK_DEVICE -> makeNode(path, Kind.BLOCK_DEVICE, entry, attributes);
      case DIRECTORY -> throw new AssertionError(entry.name());
    }
  }

  private void writeFile(TarReader archive, String path, FileAttributes attributes)
      throws IOException {
    try (var out = files.create(path, attributes)) {
      archive.copyTo(out, buffer);
    }
  }

  private void makeDirectory(String path, FileAttributes attributes, DirectoryTimes times)
      throws IOException {
    if (path.equals(directory)) {
      return; // It is there already, and is the Dockerfile's, not the archive's.
    }
    if (isDirectory(path)) {
      files.setAttributes(path, attributes);
    } else {
      files.remove(path);
      files.makeDirectory(path, attributes);
    }
    times.add(path, attributes.modified());
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

  private FileAttributes attributes(TarEntry entry) {
    return new FileAttributes(
        entry.mode(),
        owner.map(Owner::uid).orElse(entry.uid()),
        owner.map(Owner::gid).orElse(entry.gid()),
        TimeUnit.SECONDS.toNanos(entry.seconds()),
        TreeCopier.kept(entry.xattrs()));
  }

  private void makeNode(String path, Kind kind, TarEntry entry, FileAttributes attributes)
      throws IOException {
    var status =
        new FileStatus(
            kind,
            entry.mode(),
            entry.uid(),
            entry.gid(),
            0,
            attributes.modified(),
            0,
            0,
            1,
            entry.major(),
            entry.minor(),
            Optional.empty());
    files.makeNode(path, status, attributes);
  }

  private static String join(String parent, String name) {
    return parent.equals("/") ? "/" + name : parent + "/" + name;
  }
}
