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

  DirectoryMaker(FileSystem files, Owner owner, long now) {
    this.files = files;
    this.owner = owner;
    this.now = now;
  }

  /**
   * Makes a directory where it is missing.
   *
   * @return where it is, links followed
   * @throws dev.birgus.infra.contracts.FailureException {@code not-a-directory} if something else
   *     is in the way
   */
  String make(String path) throws IOException {
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
    files.makeDirectory(
        place, new FileAttributes(MODE, owner.uid(), owner.gid(), now, new TreeMap<>()));
  }

  static String parentOf(String path) {
    var slash = path.lastIndexOf('/');
    return slash <= 0 ? "/" : path.substring(0, slash);
  }
}
