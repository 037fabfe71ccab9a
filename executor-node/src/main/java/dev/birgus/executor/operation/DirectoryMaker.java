package dev.birgus.executor.operation;

import dev.birgus.executor.files.FileAttributes;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.FileSystem;
import dev.birgus.executor.run.UserLookup.Owner;
import dev.birgus.infra.contracts.Failure;
import java.io.IOException;
import java.util.TreeMap;

/** Makes directories with their parents, mode 0755, all that is made given to one owner. */
final class DirectoryMaker {

  private static final int MODE = 0755;

  private final FileSystem files;
  private final Owner owner;
  private final long now;

  private final boolean replaces;

  DirectoryMaker(FileSystem files, Owner owner, long now) {
    this(files, owner, now, false);
  }

  private DirectoryMaker(FileSystem files, Owner owner, long now, boolean replaces) {
    this.files = files;
    this.owner = owner;
    this.now = now;
    this.replaces = replaces;
  }

  /** Makes directories in the place of what is in the way, and follows no links. */
  static DirectoryMaker replacing(FileSystem files, Owner owner, long now) {
    return new DirectoryMaker(files, owner, now, true);
  }

  /**
   * Makes a directory where it is missing.
   *
   * @return where it is, links followed
   * @throws dev.birgus.infra.contracts.FailureException {@code not-a-directory} if something else
   *     is in the way
   */
  String make(String path) throws IOException {
    if (replaces) {
      makePlain(path);
      return path;
    }
    var place = files.resolve(path);
    makeResolved(place, path);
    return place;
  }

  private void makeResolved(String place, String wanted) throws IOException {
    var there = files.status(place);
    if (there.isPresent()) {
      if (there.get().kind() != Kind.DIRECTORY) {
        throw Failure.of(
                "not-a-directory",
                "cannot make the directory " + wanted + ": " + place + " is not a directory",
                "choose another place, or remove what is there before")
            .toException();
      }
      return;
    }
    makeResolved(parentOf(place), wanted);
    makeOne(place);
  }

  /** From the root downwards, so that what is above a name is known to be no link. */
  private void makePlain(String path) throws IOException {
    for (var end = path.indexOf('/', 1); path.length() > 1; end = path.indexOf('/', end + 1)) {
      var place = end < 0 ? path : path.substring(0, end);
      var there = files.status(place);
      if (there.isEmpty() || there.get().kind() != Kind.DIRECTORY) {
        files.remove(place);
        makeOne(place);
      }
      if (end < 0) {
        return;
      }
    }
  }

  private void makeOne(String place) throws IOException {
    files.makeDirectory(
        place, new FileAttributes(MODE, owner.uid(), owner.gid(), now, new TreeMap<>()));
  }

  static String parentOf(String path) {
    var slash = path.lastIndexOf('/');
    return slash <= 0 ? "/" : path.substring(0, slash);
  }
}
