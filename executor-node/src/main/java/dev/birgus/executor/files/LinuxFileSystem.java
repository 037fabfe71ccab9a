package dev.birgus.executor.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.birgus.executor.files.FileStatus.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A root file system through Linux system calls, as root sees it. The kernel resolves every path
 * inside the root (openat2 with RESOLVE_IN_ROOT), so neither a link nor {@code ..} leads out, even
 * while somebody changes the tree.
 *
 * <p>The calls may block a virtual thread's carrier: use platform threads for long work. One
 * instance may be used by several threads; its streams by one each.
 */
public final class LinuxFileSystem implements MarkedFileSystem {

  /** The attribute that says who may use a file beyond what its mode can say. */
  public static final String ACCESS_LIST = "system.posix_acl_access";

  /** The attribute of a directory that says which access list new files in it get. */
  public static final String DEFAULT_ACCESS_LIST = "system.posix_acl_default";

  static final int TYPE = 0170000;
  static final int REGULAR = 0100000;
  static final int DIRECTORY = 0040000;
  static final int SYMLINK = 0120000;
  static final int FIFO = 0010000;
  static final int CHARACTER = 0020000;
  static final int BLOCK = 0060000;

  private final Path root;
  private final int rootFd;
  private final FileCopy copy = new FileCopy();
  private volatile boolean closed;

  private LinuxFileSystem(Path root, int rootFd) {
    this.root = root;
    this.rootFd = rootFd;
  }

  /**
   * Takes a directory as root. It stays the root if it is renamed.
   *
   * @throws IOException if it is no directory or may not be read
   */
  public static LinuxFileSystem open(Path root) throws IOException {
    var path = FileNames.encode(root.toAbsolutePath().toString());
    var fd = Linux.open(Linux.AT_FDCWD, path, Linux.O_PATH | Linux.O_DIRECTORY);
    if (fd < 0) {
      throw Errno.exception(fd, root.toString());
    }
    return new LinuxFileSystem(root, fd);
  }

  @Override
  public Path root() {
    return root;
  }

  @Override
  public Optional<FileStatus> status(String path) throws IOException {
    var fd = Linux.openInRoot(fd(), bytes(path), Linux.O_PATH | Linux.O_NOFOLLOW);
    if (fd == -Errno.ENOENT || fd == -Errno.ENOTDIR) {
      return Optional.empty();
    }
    try (var file = new OpenFile(check(fd, path))) {
      return Optional.of(status(file.fd(), path));
    }
  }

  static FileStatus status(int fd, String path) throws IOException {
    var stat = stat(fd, path);
    var kind = kind(stat.mode());
    var isNode = kind == Kind.CHARACTER_DEVICE || kind == Kind.BLOCK_DEVICE;
    return new FileStatus(
        kind,
        stat.mode() & 07777,
        stat.uid(),
        stat.gid(),
        stat.size(),
        nanoseconds(stat),
        stat.device(),
        stat.inode(),
        stat.links(),
        isNode ? stat.major() : 0,
        isNode ? stat.minor() : 0,
        kind == Kind.SYMLINK
            ? Optional.of(FileNames.decode(Linux.readLink(fd)))
            : Optional.empty());
  }

  /** Times outside of 1677 to 2262 become the nearest one inside. */
  private static long nanoseconds(Linux.Stat stat) {
    var limit = Long.MAX_VALUE / 1_000_000_000L - 1;
    var seconds = Math.max(-limit, Math.min(limit, stat.seconds()));
    return seconds * 1_000_000_000L + stat.nanoseconds();
  }

  private static Kind kind(int mode) {
    return switch (mode & TYPE) {
      case REGULAR -> Kind.FILE;
      case DIRECTORY -> Kind.DIRECTORY;
      case SYMLINK -> Kind.SYMLINK;
      case FIFO -> Kind.FIFO;
      case CHARACTER -> Kind.CHARACTER_DEVICE;
      case BLOCK -> Kind.BLOCK_DEVICE;
      default -> Kind.SOCKET;
    };
  }

  @Override
  public String resolve(String path) throws IOException {
    return new PathResolver(fd()).resolve(path);
  }

  @Override
  public List<String> list(String directory) throws IOException {
    var flags = Linux.O_RDONLY | Linux.O_DIRECTORY | Linux.O_NOFOLLOW;
    try (var open = openInRoot(directory, flags)) {
      var names = names(open.fd(), directory);
      names.sort(Arrays::compareUnsigned);
      var texts = new ArrayList<String>(names.size());
      for (var name : names) {
        texts.add(FileNames.decode(name));
      }
      return texts;
    }
  }

  static List<byte[]> names(int directory, String path) throws IOException {
    var names = new ArrayList<byte[]>();
    int read;
    do {
      read = check(Linux.readDirectory(directory, names), path);
    } while (read > 0);
    return names;
  }

  @Override
  public SortedMap<String, String> xattrs(String path) throws IOException {
    try (var file = openInRoot(path, Linux.O_PATH | Linux.O_NOFOLLOW)) {
      var names = Linux.xattrNames(file.fd());
      var values = new TreeMap<String, String>();
      for (int start = 0, i = 0; i < names.length; i++) {
        if (names[i] == 0) {
          var name = Arrays.copyOfRange(names, start, i);
          var value = Linux.xattr(file.fd(), name);
          if (value != null) {
            values.put(FileNames.decode(name), new String(value, ISO_8859_1));
          }
          start = i + 1;
        }
      }
      return values;
    }
  }

  @Override
  public InputStream read(String path) throws IOException {
    return new LinuxInputStream(openToRead(path), path);
  }

  @Override
  public FileContent content(String path) throws IOException {
    var status = status(path).orElseThrow(() -> Errno.exception(-Errno.ENOENT, path));
    if (status.kind() != Kind.FILE) {
      throw new FileSystemException(path, null, "not a regular file");
    }
    return content(path, status);
  }

  @Override
  public FileContent content(String path, FileStatus status) {
    return new LinuxFileContent(
        this, path, status.device(), status.inode(), status.size(), status.modified());
  }

  /** Opens what was a regular file; what it is now has to be looked at. No fifo is waited for. */
  int openAgain(String path) throws IOException {
    var flags = Linux.O_RDONLY | Linux.O_NOFOLLOW | Linux.O_NONBLOCK;
    return Linux.openInRoot(fd(), bytes(path), flags);
  }

  /** Opens a regular file; what it is gets known before it is opened, so no fifo is waited for. */
  int openToRead(String path) throws IOException {
    try (var file = openInRoot(path, Linux.O_PATH | Linux.O_NOFOLLOW)) {
      var type = stat(file.fd(), path).mode() & TYPE;
      if (type != REGULAR) {
        throw new FileSystemException(path, null, "not a regular file");
      }
      return check(Linux.open(Linux.AT_FDCWD, Linux.byFd(file.fd()), Linux.O_RDONLY), path);
    }
  }

  @Override
  public OutputStream create(String path, FileAttributes attributes) throws IOException {
    return new LinuxOutputStream(createNew(path), path, attributes);
  }

  private int createNew(String path) throws IOException {
    var flags = Linux.O_WRONLY | Linux.O_CREAT | Linux.O_EXCL | Linux.O_NOFOLLOW;
    return check(Linux.openInRoot(fd(), bytes(path), flags), path);
  }

  @Override
  public void copyFile(FileContent content, String path, FileAttributes attributes)
      throws IOException {
    if (content instanceof LinuxFileContent file) {
      try (var input = new OpenFile(file.openAgain());
          var output = new OpenFile(createNew(path))) {
        copy.copy(input.fd(), output.fd(), path);
        apply(output.fd(), REGULAR, attributes, path);
      }
      return;
    }
    try (var input = content.open();
        var output = create(path, attributes)) {
      input.transferTo(output);
    }
  }

  @Override
  public void makeDirectory(String path, FileAttributes attributes) throws IOException {
    try (var parent = parent(path)) {
      check(Linux.makeDirectory(parent.fd(), parent.name(), 0700), path);
      applyTo(parent, attributes, path);
    }
  }

  @Override
  public void makeSymlink(String path, String target, FileAttributes attributes)
      throws IOException {
    try (var parent = parent(path)) {
      check(Linux.makeSymlink(bytes(target), parent.fd(), parent.name()), path);
      applyTo(parent, attributes, path);
    }
  }

  @Override
  public void makeHardLink(String path, String existing) throws IOException {
    try (var from = parent(existing);
        var to = parent(path)) {
      check(Linux.makeHardLink(from.fd(), from.name(), to.fd(), to.name()), path);
    }
  }

  @Override
  public void makeNode(String path, FileStatus status, FileAttributes attributes)
      throws IOException {
    var type =
        switch (status.kind()) {
          case FIFO -> FIFO;
          case CHARACTER_DEVICE -> CHARACTER;
          case BLOCK_DEVICE -> BLOCK;
          case FILE, DIRECTORY, SYMLINK, SOCKET ->
              throw new IllegalArgumentException("not a fifo or device: " + status.kind());
        };
    try (var parent = parent(path)) {
      check(
          Linux.makeNode(parent.fd(), parent.name(), type | 0600, status.major(), status.minor()),
          path);
      applyTo(parent, attributes, path);
    }
  }

  /** {@inheritDoc} Extended attributes that are there and not named stay. */
  @Override
  public void setAttributes(String path, FileAttributes attributes) throws IOException {
    try (var file = openInRoot(path, Linux.O_PATH | Linux.O_NOFOLLOW)) {
      apply(file.fd(), stat(file.fd(), path).mode() & TYPE, attributes, path);
    }
  }

  @Override
  public boolean setXattr(String path, String name, String value) throws IOException {
    try (var file = openInRoot(path, Linux.O_PATH | Linux.O_NOFOLLOW)) {
      var result = Linux.setXattr(file.fd(), bytes(name), value.getBytes(ISO_8859_1));
      if (result == -Errno.EPERM
          || result == -Errno.EACCES
          || result == -Errno.EOPNOTSUPP
          || result == -Errno.EINVAL
          || result == -Errno.E2BIG
          || result == -Errno.ERANGE
          || result == -Errno.ENOSPC) {
        return false;
      }
      check(result, path);
      return true;
    }
  }

  @Override
  public void dropAccessLists(String path) throws IOException {
    try (var file = openInRoot(path, Linux.O_PATH | Linux.O_NOFOLLOW)) {
      for (var name : new String[] {ACCESS_LIST, DEFAULT_ACCESS_LIST}) {
        // Most file systems have none, and some do not know of any.
        Linux.removeXattr(file.fd(), FileNames.encode(name));
      }
    }
  }

  /** Takes an extended attribute away; nothing happens if it is not there or may not be. */
  public void removeXattr(String path, String name) throws IOException {
    try (var file = openInRoot(path, Linux.O_PATH | Linux.O_NOFOLLOW)) {
      Linux.removeXattr(file.fd(), bytes(name));
    }
  }

  @Override
  public void setModified(String path, long modified) throws IOException {
    try (var file = openInRoot(path, Linux.O_PATH | Linux.O_NOFOLLOW)) {
      check(Linux.changeTime(file.fd(), modified), path);
    }
  }

  /** Gives what is at one path another; what was there, unless a full directory, is replaced. */
  public void rename(String from, String to) throws IOException {
    try (var source = parent(from);
        var target = parent(to)) {
      check(Linux.rename(source.fd(), source.name(), target.fd(), target.name()), to);
    }
  }

  private static void applyTo(Parent parent, FileAttributes attributes, String path)
      throws IOException {
    var fd = Linux.open(parent.fd(), parent.name(), Linux.O_PATH | Linux.O_NOFOLLOW);
    try (var file = new OpenFile(check(fd, path))) {
      apply(file.fd(), stat(file.fd(), path).mode() & TYPE, attributes, path);
    }
  }

  /** Owner first, for it clears setuid and capabilities; time last, for all else moves it. */
  static void apply(int fd, int type, FileAttributes attributes, String path) throws IOException {
    var owned = Linux.changeOwner(fd, attributes.uid(), attributes.gid());
    if (owned == -Errno.EINVAL) {
      throw IdMaps.noSuchOwner(path, attributes.uid(), attributes.gid());
    }
    check(owned, path);
    if (type != SYMLINK) {
      check(Linux.changeMode(fd, attributes.mode()), path);
    }
    for (var xattr : attributes.xattrs().entrySet()) {
      var value = xattr.getValue().getBytes(ISO_8859_1);
      check(Linux.setXattr(fd, bytes(xattr.getKey()), value), path);
    }
    check(Linux.changeTime(fd, attributes.modified()), path);
  }

  @Override
  public void remove(String path) throws IOException {
    var parentPath = bytes(path);
    if (isRoot(parentPath)) {
      throw new FileSystemException(path, null, "the root itself cannot be removed");
    }
    try (var parent = parent(path)) {
      new TreeRemover(path).remove(parent.fd(), parent.name());
    } catch (NoSuchFileException | java.nio.file.NotDirectoryException gone) {
      // Nothing is there, not even the directory it would be in.
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      Linux.close(rootFd);
    }
  }

  private int fd() {
    if (closed) {
      throw new IllegalStateException("this file system is closed: " + root);
    }
    return rootFd;
  }

  private OpenFile openInRoot(String path, int flags) throws IOException {
    return new OpenFile(check(Linux.openInRoot(fd(), bytes(path), flags), path));
  }

  /** An open directory and a name in it that is neither empty nor dots. */
  private static final class Parent implements AutoCloseable {
    private final int fd;
    private final byte[] name;

    Parent(int fd, byte[] name) {
      this.fd = fd;
      this.name = name;
    }

    int fd() {
      return fd;
    }

    byte[] name() {
      return name;
    }

    @Override
    public void close() {
      Linux.close(fd);
    }
  }

  private Parent parent(String path) throws IOException {
    var bytes = bytes(path);
    var slash = bytes.length - 1;
    while (slash >= 0 && bytes[slash] != '/') {
      slash--;
    }
    var name = Arrays.copyOfRange(bytes, slash + 1, bytes.length);
    if (name.length == 0 || PathResolver.isDots(FileNames.decode(name))) {
      throw new FileSystemException(path, null, "not the name of a file in a directory");
    }
    var directory = slash <= 0 ? new byte[] {'/'} : Arrays.copyOf(bytes, slash);
    var flags = Linux.O_PATH | Linux.O_DIRECTORY;
    return new Parent(check(Linux.openInRoot(fd(), directory, flags), path), name);
  }

  private static boolean isRoot(byte[] path) {
    for (var b : path) {
      if (b != '/' && b != '.') {
        return false;
      }
    }
    return path.length == 0 || path[path.length - 1] == '/' || path.length == 1;
  }

  /** The bytes of a path, without slashes at its end: they would make the kernel follow links. */
  static byte[] bytes(String path) throws FileSystemException {
    if (path.indexOf('\0') >= 0) {
      throw new FileSystemException(path, null, "a name cannot hold a zero byte");
    }
    var end = path.length();
    while (end > 1 && path.charAt(end - 1) == '/') {
      end--;
    }
    try {
      return FileNames.encode(path.substring(0, end));
    } catch (IllegalArgumentException e) {
      throw new FileSystemException(path, null, "not the text of a file name");
    }
  }

  static Linux.Stat stat(int fd, String path) throws IOException {
    var stat = Linux.stat(fd);
    check(stat.mode(), path);
    return stat;
  }

  static int check(int result, String path) throws IOException {
    if (result < 0) {
      throw Errno.exception(result, path);
    }
    return result;
  }
}
