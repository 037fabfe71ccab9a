package dev.birgus.executor.operation;

import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.FileSystem;
import dev.birgus.executor.run.UserLookup;
import dev.birgus.executor.run.UserLookup.Owner;
import dev.birgus.infra.contracts.FileTransfer;
import java.io.IOException;

/**
 * Where the files of a transfer go, by BuildKit's rules (fsutil's copy): what is copied goes into
 * an existing directory, or one written with a trailing slash, else it gets the destination's name;
 * of a directory the content is copied, and a directory made for it is 0755 and the owner's.
 */
final class Destination {

  private final FileSystem files;
  private final DirectoryMaker directories;
  private final String path;

  private Destination(FileSystem files, DirectoryMaker directories, String path) {
    this.files = files;
    this.directories = directories;
    this.path = path;
  }

  /** Makes the directories above the destination, and itself if it must be one. */
  static Destination of(FileTransfer transfer, StepRoot root) throws IOException {
    var directories = new DirectoryMaker(root.files(), owner(transfer, root), root.now());
    var wanted = transfer.destination();
    directories.make(transfer.intoDirectory() ? wanted : DirectoryMaker.parentOf(clean(wanted)));
    return new Destination(root.files(), directories, root.files().resolve(wanted));
  }

  static Owner owner(FileTransfer transfer, StepRoot root) throws IOException {
    return transfer.owner().isPresent()
        ? new UserLookup(root.files()).forFiles(transfer.owner().get())
        : Owner.ROOT;
  }

  /** The directory that takes the content of a directory. */
  String forContent() throws IOException {
    return directories.make(path);
  }

  /** The path that a file, link or node gets. */
  String forFile(String source) throws IOException {
    if (files.status(path).map(FileStatus::kind).orElse(Kind.FILE) != Kind.DIRECTORY) {
      directories.make(DirectoryMaker.parentOf(path));
      return path;
    }
    var name = source.substring(source.lastIndexOf('/') + 1);
    return path.equals("/") ? "/" + name : path + "/" + name;
  }

  private static String clean(String path) {
    return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }
}
