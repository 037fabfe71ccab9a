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
 * of a directory the content is copied, and a directory made for it is 0755 and the owner's. With
 * {@code --link} what exists does not count.
 */
final class Destination {

  private final FileSystem files;
  private final DirectoryMaker directories;
  private final String path;
  private final boolean link;

  /** With {@code --link}: whether this transfer has made it a directory. */
  private boolean made;

  private Destination(FileSystem files, DirectoryMaker directories, String path, boolean link) {
    this.files = files;
    this.directories = directories;
    this.path = path;
    this.link = link;
  }

  /** Makes the directories above the destination, and itself if it must be one. */
  static Destination of(FileTransfer transfer, StepRoot root) throws IOException {
    var owner = owner(transfer, root);
    var directories =
        transfer.link()
            ? DirectoryMaker.replacing(root.files(), owner, root.now())
            : new DirectoryMaker(root.files(), owner, root.now());
    var wanted = clean(transfer.destination());
    directories.make(transfer.intoDirectory() ? wanted : DirectoryMaker.parentOf(wanted));
    var path = transfer.link() ? wanted : root.files().resolve(wanted);
    var destination = new Destination(root.files(), directories, path, transfer.link());
    destination.made = transfer.intoDirectory();
    return destination;
  }

  static Owner owner(FileTransfer transfer, StepRoot root) throws IOException {
    return transfer.owner().isPresent()
        ? new UserLookup(root.files()).forFiles(transfer.owner().get())
        : Owner.ROOT;
  }

  /** Whether a file copied now would go into it. */
  boolean isDirectory() throws IOException {
    return link
        ? made || path.equals("/")
        : files.status(path).map(FileStatus::kind).orElse(Kind.FILE) == Kind.DIRECTORY;
  }

  /** The directory that takes the content of a directory. */
  String forContent() throws IOException {
    made = true;
    return directories.make(path);
  }

  /** The path that a file, link or node gets. */
  String forFile(String source) throws IOException {
    if (!isDirectory()) {
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
