package dev.birgus.ingest.context;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The files of an archive below one root. Every name is cleaned and contained; a directory, once
 * made, stays one, so that what was checked to be no symbolic link never becomes one.
 */
final class UnpackedFiles {

  /** What an archive says about a file besides its content. */
  record Attributes(int mode, int uid, int gid, FileTime modified) {}

  private static final int LONGEST_NAME = 4095;

  private final Path root;
  private final Set<Path> directories = new HashSet<>();
  private final Map<Path, Attributes> directoryAttributes = new HashMap<>();
  private final int ownGroup;
  private boolean keepsOwners;

  UnpackedFiles(Path root) throws IOException {
    this.root = root;
    directories.add(root);
    ownGroup = (Integer) Files.getAttribute(root, "unix:gid", LinkOption.NOFOLLOW_LINKS);
    keepsOwners = Files.getAttribute(root, "unix:uid", LinkOption.NOFOLLOW_LINKS).equals(0);
  }

  boolean keepsOwners() {
    return keepsOwners;
  }

  /** Where an entry goes: nothing is there, and every directory above it is a real one. */
  Path place(String name) throws IOException {
    var path = contained(name);
    if (path.equals(root)) {
      throw new IOException("it has the name of the root");
    }
    makeDirectories(parent(path));
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("it would replace a directory");
    }
    Files.deleteIfExists(path);
    return path;
  }

  /** Longer ones the system refuses, and to take them apart would take time and memory. */
  private Path contained(String name) throws IOException {
    if (name.length() > LONGEST_NAME) {
      throw new IOException("it is longer than " + LONGEST_NAME + " characters");
    }
    var path = root;
    for (var part : name.split("/", -1)) {
      if (part.equals("..")) {
        path = path.equals(root) ? root : parent(path);
      } else if (!part.isEmpty() && !part.equals(".")) {
        path = path.resolve(part);
      }
    }
    return path;
  }

  /** Only asked of paths below the root, which has a parent itself. */
  private static Path parent(Path path) {
    return requireNonNull(path.getParent(), "parent");
  }

  private void makeDirectories(Path directory) throws IOException {
    if (directories.contains(directory)) {
      return;
    }
    makeDirectories(parent(directory));
    try {
      Files.createDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      var what = Files.isSymbolicLink(directory) ? "a symbolic link" : "no directory";
      throw new FileSystemException(
          root.relativize(directory).toString(),
          null,
          "is " + what + ", nothing can be put into it");
    }
    directories.add(directory);
  }

  void directory(String name, Attributes attributes) throws IOException {
    var path = contained(name);
    if (!directories.contains(path)) {
      makeDirectories(parent(path));
      Files.deleteIfExists(path);
      makeDirectories(path);
    }
    // Its final mode might keep us from putting anything into it, so that comes last.
    directoryAttributes.put(path, attributes);
  }

  /** Opens a new file for writing. */
  OutputStream create(Path path) throws IOException {
    return Files.newOutputStream(
        path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
  }

  void symbolicLink(String name, String target, Attributes attributes) throws IOException {
    var path = place(name);
    Files.createSymbolicLink(path, Path.of(target));
    setOwner(path, attributes);
    setTime(path, attributes);
  }

  void hardLink(String name, String targetName) throws IOException {
    var target = contained(targetName);
    if (target.equals(root)) {
      throw new IOException("it is a hard link to the root");
    }
    if (target.equals(contained(name))) {
      return;
    }
    if (!directories.contains(parent(target))) {
      throw new IOException(
          "it is a hard link to \"" + targetName + "\", which is not in the archive");
    }
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)
        || Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(
          "it is a hard link to \"" + targetName + "\", which is no file before it in the archive");
    }
    // link(2) does not follow a symbolic link in the last place either.
    Files.createLink(place(name), target);
  }

  /** Owner first: changing it clears the setuid bit. */
  void apply(Path path, Attributes attributes) throws IOException {
    setOwner(path, attributes);
    Files.setAttribute(path, "unix:mode", attributes.mode(), LinkOption.NOFOLLOW_LINKS);
    setTime(path, attributes);
  }

  private void setOwner(Path path, Attributes attributes) throws IOException {
    if (!keepsOwners) {
      return;
    }
    try {
      // Most files of most archives are root's, which what root makes is already.
      if (attributes.uid() != 0) {
        Files.setAttribute(path, "unix:uid", attributes.uid(), LinkOption.NOFOLLOW_LINKS);
      }
      if (attributes.gid() != ownGroup) {
        Files.setAttribute(path, "unix:gid", attributes.gid(), LinkOption.NOFOLLOW_LINKS);
      }
    } catch (FileSystemException e) {
      // Root of a user namespace, or without CAP_CHOWN: COPY makes root the owner anyway.
      keepsOwners = false;
    }
  }

  private static void setTime(Path path, Attributes attributes) throws IOException {
    Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setTimes(attributes.modified(), null, null);
  }

  /** Gives the directories their modes and times, the deepest ones first. */
  void finish() throws IOException {
    var deepestFirst =
        directoryAttributes.entrySet().stream()
            .sorted(Comparator.comparingInt(entry -> -entry.getKey().getNameCount()))
            .toList();
    for (var entry : deepestFirst) {
      apply(entry.getKey(), entry.getValue());
    }
  }
}
