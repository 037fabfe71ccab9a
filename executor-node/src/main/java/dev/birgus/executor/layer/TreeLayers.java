package dev.birgus.executor.layer;

import dev.birgus.executor.files.FileAttributes;
import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.infra.contracts.Layer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.SortedMap;

/**
 * Puts layers one upon another into a tree without an overlay. Each is unpacked by itself first, so
 * that its whiteouts can hide nothing but what is below it, and then moved onto the tree; the
 * lowest becomes the tree as it is.
 */
public final class TreeLayers {

  private static final String TREE = "/tree";
  private static final String LAYER = "/layer";

  private final LayerUnpacker unpacker;
  private final Path folder;
  private boolean empty = true;

  /**
   * An empty tree in a folder.
   *
   * @param folder holds the tree and, while layers are put onto it, what is unpacked
   * @throws IOException if the folder cannot be written to
   */
  public TreeLayers(LayerUnpacker unpacker, Path folder) throws IOException {
    this.unpacker = unpacker;
    this.folder = folder;
    try (var files = LinuxFileSystem.open(folder)) {
      make(files, TREE);
    }
  }

  /** What the folder says of access to new files in it is nothing of the image. */
  private static void make(LinuxFileSystem files, String path) throws IOException {
    files.makeDirectory(path, attributes(0755));
    files.dropAccessLists(path);
  }

  private static FileAttributes attributes(int mode) {
    return new FileAttributes(mode, 0, 0, 0, new java.util.TreeMap<>());
  }

  /** The tree. */
  public Path tree() {
    return folder.resolve(TREE.substring(1));
  }

  /**
   * Puts a layer on top.
   *
   * @throws dev.birgus.infra.contracts.FailureException as {@link LayerUnpacker#unpack} says; the
   *     tree is of no use then
   */
  public void add(Layer layer, LayerStore.BlobReader blobs, LayerStore.Progress progress)
      throws IOException {
    if (empty) {
      try (var files = LinuxFileSystem.open(tree())) {
        unpacker.unpackPlain(layer, blobs, files, progress);
      }
      empty = false;
      return;
    }
    try (var both = LinuxFileSystem.open(folder)) {
      make(both, LAYER);
      try (var files = LinuxFileSystem.open(folder.resolve(LAYER.substring(1)))) {
        var marks = unpacker.unpackPlain(layer, blobs, files, progress);
        new Move(both, marks).moveContent("");
      }
      both.remove(LAYER);
    }
  }

  /** Moves a layer's files onto the tree. Neither changes meanwhile. */
  private record Move(LinuxFileSystem both, ListedMarks marks) {

    /** Of a directory both have: {@code ""} or {@code /path}. */
    void moveContent(String path) throws IOException {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("interrupted while putting layers together");
      }
      // Read now: moving what is in a directory moves its time as well.
      var attributes = attributesOf(path);
      var directory = path.isEmpty() ? "/" : path;
      if (marks.hidesContent(directory)) {
        for (var name : both.list(TREE + path)) {
          both.remove(TREE + path + "/" + name);
        }
      }
      for (var name : marks.hidden(directory)) {
        both.remove(TREE + path + "/" + name);
      }
      for (var name : both.list(LAYER + path)) {
        move(path + "/" + name);
      }
      give(path, attributes);
    }

    private void move(String path) throws IOException {
      var ours = both.status(LAYER + path).orElseThrow();
      var theirs = both.status(TREE + path);
      var isDirectory = theirs.map(FileStatus::kind).orElse(Kind.FILE) == Kind.DIRECTORY;
      if (isDirectory && ours.kind() == Kind.DIRECTORY) {
        moveContent(path);
        return;
      }
      if (isDirectory || (theirs.isPresent() && ours.kind() == Kind.DIRECTORY)) {
        both.remove(TREE + path);
      }
      both.rename(LAYER + path, TREE + path);
    }

    private FileAttributes attributesOf(String path) throws IOException {
      var status = both.status(LAYER + path).orElseThrow();
      return new FileAttributes(
          status.mode(),
          status.uid(),
          status.gid(),
          status.modified(),
          EntryWriter.kept(both.xattrs(LAYER + path)));
    }

    /** The directory is the layer's now; last of all, for its content has moved its time. */
    private void give(String path, FileAttributes attributes) throws IOException {
      removeXattrs(path, attributes.xattrs());
      both.setAttributes(TREE + path, attributes);
    }

    private void removeXattrs(String path, SortedMap<String, String> kept) throws IOException {
      for (var name : EntryWriter.kept(both.xattrs(TREE + path)).keySet()) {
        if (!kept.containsKey(name)) {
          both.removeXattr(TREE + path, name);
        }
      }
    }
  }
}
