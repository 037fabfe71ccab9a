package dev.birgus.executor.layer;

import dev.birgus.executor.files.FileAttributes;
import dev.birgus.executor.files.FileNames;
import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.files.MarkedFileSystem;
import dev.birgus.executor.files.OverlayFormat;
import dev.birgus.executor.snapshot.LayerChanges;
import dev.birgus.infra.blobs.DiskSpace;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * A layer becoming a directory by itself, as an overlay stacks them. Whiteouts hide what lower
 * layers have, never what the layer itself brings, whichever comes first in the tar; of entries
 * with one name the last holds.
 */
final class OverlayTree {

  private static final FileAttributes IMPLIED =
      new FileAttributes(0755, 0, 0, 0, Collections.emptySortedMap());

  private final MarkedFileSystem files;
  private final LayerMarks marks;
  private final UnpackLimits limits;
  private final BiConsumer<String, String> skipped;
  private final DirectoryTimes directoryTimes;
  private final byte[] buffer = new byte[128 * 1024];
  private final Set<String> replacedMarks = new HashSet<>();
  private boolean listsAreInherited;
  private long entries;
  private long size;

  OverlayTree(
      MarkedFileSystem files,
      LayerMarks marks,
      UnpackLimits limits,
      DirectoryTimes directoryTimes,
      BiConsumer<String, String> skipped) {
    this.files = files;
    this.marks = marks;
    this.limits = limits;
    this.directoryTimes = directoryTimes;
    this.skipped = skipped;
  }

  private interface Creation {
    void run() throws IOException;
  }

  /** Adds an entry, its content read from the tar. */
  void add(TarEntry entry, TarReader content) throws IOException {
    try {
      count(entry);
      addChecked(entry, content);
    } catch (FileSystemException failed) {
      if (DiskSpace.isUnwritable(failed)) {
        throw failed;
      }
      var reason =
          failed.getReason() == null ? failed.getClass().getSimpleName() : failed.getReason();
      throw refused(entry.name(), "it cannot be made here, " + reason);
    }
  }

  /** Counts what a tar may ask for much of with little, be it entries or holes. */
  private void count(TarEntry entry) {
    if (++entries > limits.entries()) {
      throw refused(entry.name(), "the layer has more than " + limits.entries() + " entries");
    }
    size += Math.min(entry.size(), Long.MAX_VALUE - size);
    if (size > limits.bytes()) {
      throw refused(
          entry.name(), "the files of the layer have more than " + limits.bytes() + " bytes");
    }
  }

  private void addChecked(TarEntry entry, TarReader content) throws IOException {
    var path = inRoot(entry.name());
    var name = path.substring(path.lastIndexOf('/') + 1);
    if (name.startsWith(LayerChanges.WHITEOUT)) {
      addMarker(path, name);
      return;
    }
    if (path.equals("/") && entry.type() != TarEntry.Type.DIRECTORY) {
      throw refused(entry.name(), "the root must be a directory");
    }
    switch (entry.type()) {
      case DIRECTORY -> addDirectory(path, entry);
      case FILE -> addFile(path, entry, content);
      case SYMLINK -> make(path, () -> files.makeSymlink(path, entry.link(), attributes(entry)));
      case HARD_LINK -> addHardLink(path, entry);
      case FIFO ->
          make(path, () -> files.makeNode(path, node(Kind.FIFO, entry), attributes(entry)));
      case CHARACTER_DEVICE -> addDevice(path, Kind.CHARACTER_DEVICE, entry);
      case BLOCK_DEVICE -> addDevice(path, Kind.BLOCK_DEVICE, entry);
    }
    if (entry.type() != TarEntry.Type.HARD_LINK && !entry.xattrs().isEmpty()) {
      setXattrs(path, entry);
    }
  }

  /** Sets the times of the directories, which filling them has moved. */
  void finish() throws IOException {
    directoryTimes.forEach((path, time) -> {
      if (kind(path) == Kind.DIRECTORY) {
        files.setModified(path, time);
      }
    });
  }

  private void addDirectory(String path, TarEntry entry) throws IOException {
    if (path.equals("/") || kind(path) == Kind.DIRECTORY) {
      files.setAttributes(path, attributes(entry));
    } else {
      var hidesLower = isWhiteout(path) || hasReplacedMark(path);
      make(path, () -> files.makeDirectory(path, attributes(entry)));
      if (hidesLower) {
        marks.hideContent(path);
      }
    }
    directoryTimes.add(path, nanoseconds(entry.seconds()));
  }

  private void addFile(String path, TarEntry entry, TarReader content) throws IOException {
    make(
        path,
        () -> {
          try (var out = files.create(path, attributes(entry))) {
            content.copyTo(out, buffer);
          }
        });
  }

  private void addHardLink(String path, TarEntry entry) throws IOException {
    var target = inRoot(entry.link());
    if (target.equals(path)) {
      return;
    }
    var kind = kind(target);
    if (kind == null || kind == Kind.DIRECTORY || isWhiteout(target)) {
      throw refused(
          entry.name(), "it is a hard link to " + entry.link() + ", no file of the layer");
    }
    make(path, () -> files.makeHardLink(path, target));
  }

  private void addDevice(String path, Kind kind, TarEntry entry) throws IOException {
    if (kind == Kind.CHARACTER_DEVICE && entry.major() == 0 && entry.minor() == 0) {
      skipped.accept(path, "the device 0:0 would hide a file of a lower layer");
      return;
    }
    try {
      make(path, () -> files.makeNode(path, node(kind, entry), attributes(entry)));
    } catch (AccessDeniedException e) {
      skipped.accept(path, "devices cannot be made here");
    }
  }

  /** A whiteout, or another file with a meaning of its own. */
  private void addMarker(String path, String name) throws IOException {
    var directory = path.substring(0, path.length() - name.length());
    if (name.equals(LayerChanges.OPAQUE)) {
      if (directory.equals("/")) {
        skipped.accept(path, "an overlay's root cannot hide the roots below it");
        return;
      }
      makeDirectories(files.resolve(directory));
      marks.hideContent(files.resolve(directory));
      return;
    }
    var hidden = name.substring(LayerChanges.WHITEOUT.length());
    if (hidden.isEmpty() || hidden.equals(".") || hidden.equals("..")) {
      throw refused(path, "it is a whiteout of nothing");
    }
    if (hidden.startsWith(LayerChanges.WHITEOUT)) {
      skipped.accept(path, "a mark of another union file system");
      return;
    }
    var target = directory + hidden;
    var kind = kind(target);
    if (kind == null) {
      make(target, () -> marks.hide(target));
    } else if (kind == Kind.DIRECTORY) {
      marks.hideContent(target);
    }
  }

  private void setXattrs(String path, TarEntry entry) throws IOException {
    if (kind(path) == null) {
      return;
    }
    for (var xattr : entry.xattrs().entrySet()) {
      var name = xattr.getKey();
      // A foreign overlay mark could make a file out of another one, or show what was hidden.
      var isMark = name.startsWith("trusted.") || name.startsWith(OverlayFormat.USER.prefix());
      listsAreInherited |= name.equals(LinuxFileSystem.DEFAULT_ACCESS_LIST);
      if (isMark || !files.setXattr(path, name, xattr.getValue())) {
        skipped.accept(path, "the extended attribute " + name + " cannot be set here");
      }
    }
  }

  /** Makes something, in the place of what is there, with the directories it lacks. */
  private void make(String path, Creation creation) throws IOException {
    for (var attempt = 0; ; attempt++) {
      try {
        creation.run();
        disinherit(path);
        return;
      } catch (FileAlreadyExistsException e) {
        if (attempt == 2) {
          throw e;
        }
        replace(path);
      } catch (NoSuchFileException | NotDirectoryException e) {
        if (attempt == 2) {
          throw e;
        }
        makeDirectories(files.resolve(path.substring(0, path.lastIndexOf('/'))));
      }
    }
  }

  /** Removes what is in the way; a directory that comes there later hides what that has hidden. */
  private void replace(String path) throws IOException {
    var status = files.status(path);
    var isDirectory = status.map(FileStatus::kind).orElse(null) == Kind.DIRECTORY;
    var place = place(path);
    if (isDirectory ? marks.hidesContent(place) : marks.hides(path, status)) {
      replacedMarks.add(place);
    }
    files.remove(path);
  }

  private boolean hasReplacedMark(String path) throws IOException {
    return !replacedMarks.isEmpty() && replacedMarks.contains(place(path));
  }

  /** The path with no links but maybe the last name. */
  private String place(String path) throws IOException {
    var slash = path.lastIndexOf('/');
    var name = path.substring(slash);
    return slash == 0 ? path : files.resolve(path.substring(0, slash)) + name;
  }

  /** What an entry says of access is all, whatever its directory says of new files. */
  private void disinherit(String path) throws IOException {
    if (listsAreInherited) {
      files.dropAccessLists(path);
    }
  }

  /** Makes the directories of a path without links that are not there yet. */
  private void makeDirectories(String path) throws IOException {
    for (var end = 1; end < path.length(); end++) {
      var slash = path.indexOf('/', end);
      end = slash < 0 ? path.length() : slash;
      var directory = path.substring(0, end);
      var kind = kind(directory);
      if (kind == Kind.DIRECTORY) {
        continue;
      }
      var hidesLower = isWhiteout(directory);
      if (kind != null && !hidesLower) {
        throw refused(path, directory + " is no directory");
      }
      files.remove(directory);
      files.makeDirectory(directory, IMPLIED);
      disinherit(directory);
      directoryTimes.add(directory, 0L);
      if (hidesLower) {
        marks.hideContent(directory);
      }
    }
  }

  private @org.jspecify.annotations.Nullable Kind kind(String path) throws IOException {
    return files.status(path).map(FileStatus::kind).orElse(null);
  }

  private boolean isWhiteout(String path) throws IOException {
    return marks.hides(path, files.status(path));
  }

  /** The path without dots and doubled slashes; what would leave the root stops at it. */
  private String inRoot(String name) {
    List<String> parts = new ArrayList<>();
    for (var part : name.split("/", -1)) {
      if (part.equals("..")) {
        if (!parts.isEmpty()) {
          parts.removeLast();
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    if (parts.size() > limits.depth()) {
      throw refused(name, "it is more than " + limits.depth() + " directories deep");
    }
    var path = "/" + String.join("/", parts);
    if (FileNames.encode(path).length > 4095) {
      throw refused(name, "its path is longer than 4095 bytes");
    }
    return path;
  }

  private static FileAttributes attributes(TarEntry entry) {
    return new FileAttributes(
        entry.mode(),
        entry.uid(),
        entry.gid(),
        nanoseconds(entry.seconds()),
        Collections.emptySortedMap());
  }

  private static FileStatus node(Kind kind, TarEntry entry) {
    return new FileStatus(
        kind, 0, 0, 0, 0, 0, 0, 0, 1, entry.major(), entry.minor(), Optional.empty());
  }

  /** Times outside of 1677 to 2262 become the nearest one inside. */
  private static long nanoseconds(long seconds) {
    var limit = Long.MAX_VALUE / 1_000_000_000L;
    return Math.max(-limit, Math.min(limit, seconds)) * 1_000_000_000L;
  }

  private static FailureException refused(String name, String reason) {
    var shown = new StringBuilder();
    name.chars().limit(300).forEach(c -> shown.append(Character.isISOControl(c) ? '?' : (char) c));
    return Failure.of(
            "layer-refused",
            "The layer's entry " + shown + " is refused: " + reason + ".",
            "Use another image, or report it to who made this one.")
        .toException();
  }
}
