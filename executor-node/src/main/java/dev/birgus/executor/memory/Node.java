package dev.birgus.executor.memory;

import dev.birgus.executor.files.FileAttributes;
import dev.birgus.executor.files.FileContent;
import dev.birgus.executor.files.FileNames;
import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.FileStatus.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A file that is held in memory; one with several names is in several directories. There may be a
 * million: owners are kept as the 32 bits they are, and only directories have maps.
 */
final class Node implements Entry {

  /** Says of all nodes that they are of the same device, which the kernel gives to nothing. */
  private static final long DEVICE = -1;

  private static final int ROOT_MODE = 0755;
  private static final AtomicLong NUMBERS = new AtomicLong();

  private final Kind kind;
  private final long number = NUMBERS.incrementAndGet();
  private int mode;
  private int uid;
  private int gid;
  private long modified;
  private int links = 1;
  private int major;
  private int minor;
  private boolean opaque;
  private SortedMap<String, String> xattrs = Collections.emptySortedMap();
  private @Nullable String link;
  private @Nullable FileContent content;
  private @Nullable Map<String, Node> children;

  private Node(Kind kind) {
    this.kind = kind;
    if (kind == Kind.DIRECTORY) {
      this.children = new HashMap<>(4);
    }
  }

  /** A root directory. */
  static Node root() {
    var root = new Node(Kind.DIRECTORY);
    root.mode = ROOT_MODE;
    return root;
  }

  /** A mark that what lower layers have is gone. */
  static Node whiteout() {
    return new Node(Kind.CHARACTER_DEVICE);
  }

  static Node directory(FileAttributes attributes) {
    var node = new Node(Kind.DIRECTORY);
    node.set(attributes);
    return node;
  }

  static Node file(FileContent content, FileAttributes attributes) {
    var node = new Node(Kind.FILE);
    node.content = content;
    node.set(attributes);
    return node;
  }

  static Node symlink(String target, FileAttributes attributes) {
    var node = new Node(Kind.SYMLINK);
    node.link = target;
    node.set(attributes);
    return node;
  }

  /** A fifo or a device. */
  static Node device(FileStatus status, FileAttributes attributes) {
    var node = new Node(status.kind());
    node.major = status.major();
    node.minor = status.minor();
    node.set(attributes);
    return node;
  }

  /** The same as what a lower layer has, without what is in a directory. */
  static Node copyOf(Entry lower) throws IOException {
    var status = lower.status();
    var node = new Node(status.kind());
    node.major = status.major();
    node.minor = status.minor();
    node.link = status.linkTarget().orElse(null);
    if (status.kind() == Kind.FILE) {
      node.content = lower.content();
    }
    node.set(
        new FileAttributes(
            status.mode(), status.uid(), status.gid(), status.modified(), lower.xattrs()));
    return node;
  }

  /** Gives it these; extended attributes that are there and not named stay. */
  void set(FileAttributes attributes) {
    mode = kind == Kind.SYMLINK ? 0777 : attributes.mode();
    uid = (int) attributes.uid();
    gid = (int) attributes.gid();
    modified = attributes.modified();
    attributes.xattrs().forEach(this::setXattr);
  }

  void setXattr(String name, String value) {
    if (xattrs.isEmpty()) {
      xattrs = new TreeMap<>();
    }
    xattrs.put(name, value);
  }

  void setModified(long nanoseconds) {
    modified = nanoseconds;
  }

  void setOpaque() {
    opaque = true;
  }

  void setContent(FileContent bytes) {
    content = bytes;
  }

  /** The node of a directory's name; null if there is none. */
  @Override
  public @Nullable Node child(String name) {
    return entries().get(name);
  }

  /** Puts something under a name, in the place of what is there. */
  void put(String name, Node node) {
    entries().put(name, node);
  }

  /** There is another name for it. */
  void link() {
    links++;
  }

  /** Takes a name away, and all that is below it. */
  void remove(String name) {
    var removed = entries().remove(name);
    if (removed != null) {
      removed.unlink();
    }
  }

  private void unlink() {
    var lost = new ArrayList<Node>();
    lost.add(this);
    while (!lost.isEmpty()) {
      var node = lost.removeLast();
      node.links--;
      if (node.children != null) {
        lost.addAll(node.children.values());
      }
    }
  }

  /** The names in the directory, in the order of their bytes. */
  List<String> sortedNames() {
    var names = new ArrayList<>(entries().keySet());
    names.sort(FileNames.BY_BYTES);
    return names;
  }

  private Map<String, Node> entries() {
    if (children == null) {
      throw new IllegalStateException("not a directory");
    }
    return children;
  }

  @Override
  public Kind kind() {
    return kind;
  }

  @Override
  public boolean isWhiteout() {
    return kind == Kind.CHARACTER_DEVICE && major == 0 && minor == 0;
  }

  @Override
  public boolean isOpaque() {
    return opaque;
  }

  @Override
  public FileStatus status() {
    return new FileStatus(
        kind,
        mode,
        uid & 0xffffffffL,
        gid & 0xffffffffL,
        content == null ? link == null ? 0 : FileNames.encode(link).length : content.size(),
        modified,
        DEVICE,
        number,
        links,
        major,
        minor,
        Optional.ofNullable(link));
  }

  @Override
  public SortedMap<String, String> xattrs() {
    return Collections.unmodifiableSortedMap(xattrs);
  }

  @Override
  public Collection<String> names() {
    return Collections.unmodifiableCollection(entries().keySet());
  }

  @Override
  public FileContent content() {
    if (content == null) {
      throw new IllegalStateException("not a regular file");
    }
    return content;
  }
}
