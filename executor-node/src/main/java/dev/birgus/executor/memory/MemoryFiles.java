package dev.birgus.executor.memory;

import dev.birgus.executor.files.FileAttributes;
import dev.birgus.executor.files.FileContent;
import dev.birgus.executor.files.FileNames;
import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.MarkedFileSystem;
import dev.birgus.executor.files.OverlayFormat;
import dev.birgus.executor.files.PathResolver;
import dev.birgus.executor.memory.Paths.Found;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A root file system in memory, over what lower layers have. It does what an overlay does: what is
 * written becomes a tree of its own, in which a directory of a lower layer comes with its
 * attributes when something in it changes, and what is removed of a lower layer leaves a whiteout.
 * Bytes of files stay where they are until somebody reads them.
 *
 * <p>May be used by several threads.
 */
public final class MemoryFiles implements MarkedFileSystem {

  private final Paths paths;
  private final boolean interprets;
  private final NewContent contents;
  private final InstantSource clock;
  private final Optional<SmallFiles> ahead;

  private MemoryFiles(
      Paths paths, NewContent contents, InstantSource clock, Optional<SmallFiles> ahead) {
    this.paths = paths;
    this.interprets = paths.interprets();
    this.contents = contents;
    this.clock = clock;
    this.ahead = ahead;
  }

  /**
   * Files that are seen over lower layers.
   *
   * @param tree takes what is written
   * @param lower the roots of the layers, the highest first
   * @param contents takes the bytes that are in no other file
   * @param clock says the time directories change
   */
  public static MemoryFiles over(
      MemoryTree tree, List<Entry> lower, NewContent contents, InstantSource clock) {
    var root = Folder.root(tree.root(), lower);
    return new MemoryFiles(new Paths(root, true), contents, clock, Optional.empty());
  }

  /** A tree as it is: whiteouts are seen as the devices they are. */
  static MemoryFiles of(Node root, NewContent contents, InstantSource clock) {
    return new MemoryFiles(plain(root), contents, clock, Optional.empty());
  }

  /** The same of a tree that nothing is written to any more, read in its order. */
  static MemoryFiles sealed(Node root) {
    NewContent none =
        (path, _) -> {
          throw new IllegalStateException("nothing is written any more: " + path);
        };
    var ahead = Optional.of(new SmallFiles(root));
    return new MemoryFiles(plain(root), none, InstantSource.fixed(Instant.EPOCH), ahead);
  }

  private static Paths plain(Node root) {
    return new Paths(Folder.root(root, List.of()), false);
  }

  /** These files are in no directory of the node. */
  @Override
  public Path root() {
    throw new UnsupportedOperationException("files in memory are in no directory of the node");
  }

  @Override
  public boolean isInMemory() {
    return true;
  }

  @Override
  public synchronized Optional<FileStatus> status(String path) throws IOException {
    var found = paths.find(path);
    return found.isPresent() && found.get().isThere()
        ? Optional.of(found.get().entry().status())
        : Optional.empty();
  }

  @Override
  public synchronized String resolve(String path) throws IOException {
    Paths.check(path);
    return PathResolver.follow(
        path,
        each -> {
          var found = paths.find(each);
          var isLink = found.isPresent() && found.get().isLink();
          return isLink ? found.get().entry().status().linkTarget().orElseThrow() : "";
        });
  }

  @Override
  public synchronized List<String> list(String directory) throws IOException {
    var names = new ArrayList<>(paths.there(directory).folder(directory).names(interprets));
    names.sort(FileNames.BY_BYTES);
    return names;
  }

  @Override
  public synchronized SortedMap<String, String> xattrs(String path) throws IOException {
    var entry = paths.there(path).entry();
    if (interprets || !entry.isOpaque()) {
      return entry.xattrs();
    }
    var marked = new TreeMap<>(entry.xattrs());
    marked.put(OverlayFormat.TRUSTED.opaque(), "y");
    return marked;
  }

  @Override
  public InputStream read(String path) throws IOException {
    var file = file(path);
    return ahead.isPresent() ? ahead.get().open(file) : file.content().open();
  }

  @Override
  public FileContent content(String path) throws IOException {
    return file(path).content();
  }

  private synchronized Entry file(String path) throws IOException {
    var entry = paths.there(path).entry();
    if (entry.kind() != Kind.FILE) {
      throw new FileSystemException(path, null, "not a regular file");
    }
    return entry;
  }

  @Override
  public FileContent content(String path, FileStatus status) throws IOException {
    return content(path);
  }

  @Override
  public synchronized OutputStream create(String path, FileAttributes attributes)
      throws IOException {
    var node = Node.file(NoContent.INSTANCE, attributes);
    add(path, node);
    return contents.write(path, node::setContent);
  }

  /** Nothing is copied: the new file is one that is read when it is needed. */
  @Override
  public synchronized void copyFile(FileContent content, String path, FileAttributes attributes)
      throws IOException {
    add(path, Node.file(content, attributes));
  }

  @Override
  public synchronized void makeDirectory(String path, FileAttributes attributes)
      throws IOException {
    var node = Node.directory(attributes);
    var replaced = add(path, node);
    if (replaced.isPresent()) {
      node.setOpaque();
    }
  }

  @Override
  public synchronized void makeSymlink(String path, String target, FileAttributes attributes)
      throws IOException {
    add(path, Node.symlink(target, attributes));
  }

  @Override
  public synchronized void makeHardLink(String path, String existing) throws IOException {
    // In the order in which the kernel looks.
    Paths.checkLastName(existing);
    paths.place(existing);
    paths.place(path);
    var found = paths.there(existing);
    var place = vacant(path);
    if (found.isDirectory()) {
      throw new AccessDeniedException(path, null, "a directory can have no other name");
    }
    var node = written(found);
    put(place, node);
    node.link();
  }

  @Override
  public synchronized void makeNode(String path, FileStatus status, FileAttributes attributes)
      throws IOException {
    var node =
        switch (status.kind()) {
          case FIFO, CHARACTER_DEVICE, BLOCK_DEVICE -> Node.device(status, attributes);
          case FILE, DIRECTORY, SYMLINK, SOCKET ->
              throw new IllegalArgumentException("not a fifo or device: " + status.kind());
        };
    if (interprets && node.isWhiteout()) {
      throw new AccessDeniedException(path, null, "the device 0:0 would hide what it replaces");
    }
    add(path, node);
  }

  @Override
  public synchronized void setAttributes(String path, FileAttributes attributes)
      throws IOException {
    written(paths.there(path)).set(attributes);
  }

  @Override
  public synchronized boolean setXattr(String path, String name, String value) throws IOException {
    var node = written(paths.there(path));
    if (name.equals(OverlayFormat.TRUSTED.opaque())) {
      node.setOpaque();
    } else {
      node.setXattr(name, value);
    }
    return true;
  }

  /** Nothing is inherited here. */
  @Override
  public void dropAccessLists(String path) {}

  @Override
  public synchronized void setModified(String path, long modified) throws IOException {
    written(paths.there(path)).setModified(modified);
  }

  @Override
  public synchronized void remove(String path) throws IOException {
    var found = paths.find(path);
    if (found.isPresent() && found.get().isRoot()) {
      throw new FileSystemException(path, null, "the root itself cannot be removed");
    }
    Paths.checkLastName(path);
    if (found.isEmpty() || !found.get().isThere()) {
      return;
    }
    var place = found.get();
    var parent = place.parent().written();
    parent.remove(place.name());
    if (place.parent().hasBelow(place.name())) {
      parent.put(place.name(), Node.whiteout());
    }
    touch(parent);
  }

  /**
   * Puts something new where nothing is.
   *
   * @return the whiteout in whose place it is
   */
  private Optional<Node> add(String path, Node node) throws IOException {
    return put(vacant(path), node);
  }

  private Optional<Node> put(Found place, Node node) throws IOException {
    var parent = place.parent().written();
    var replaced = Optional.ofNullable(parent.child(place.name()));
    parent.put(place.name(), node);
    touch(parent);
    return replaced;
  }

  private Found vacant(String path) throws IOException {
    Paths.checkLastName(path);
    var place = paths.place(path);
    if (place.isThere()) {
      throw new FileAlreadyExistsException(path, null, "exists already");
    }
    return place;
  }

  /** What is there, as something that can be changed. */
  private static Node written(Found found) throws IOException {
    if (found.isDirectory()) {
      return found.folder("").written();
    }
    if (found.entry() instanceof Node node && found.isWritten()) {
      return node;
    }
    var copy = Node.copyOf(found.entry());
    found.parent().written().put(found.name(), copy);
    return copy;
  }

  private void touch(Node directory) {
    var now = clock.instant();
    directory.setModified(TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano());
  }

  /** Memory is given back by itself; what is being read ahead is waited for. */
  @Override
  public void close() {
    ahead.ifPresent(SmallFiles::close);
  }

  /** An empty file. */
  private enum NoContent implements FileContent {
    INSTANCE;

    @Override
    public long size() {
      return 0;
    }

    @Override
    public InputStream open() {
      return InputStream.nullInputStream();
    }
  }
}
