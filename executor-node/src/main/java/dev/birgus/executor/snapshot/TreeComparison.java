package dev.birgus.executor.snapshot;

import dev.birgus.executor.snapshot.ScannedFile.Kind;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Compares a tree with what it looked like, while a walk goes through it: both in the same order,
 * so that neither has to be looked up in the other. The result is what an overlay would have had in
 * its upper directory: what changed, with all directories on the way to it.
 *
 * <p>A file has changed if its inode or its time of change has: every write, and every change of
 * mode, owner, times, names or extended attributes moves that, and no program can set it. A mode
 * that was changed and changed back counts therefore, as in an overlay, where the file has been
 * copied up by then.
 */
public final class TreeComparison {

  private final TreeIndex.Cursor old;
  private final OwnChanges own;
  private final TreeIndex.Builder index = new TreeIndex.Builder();
  private final TreeChanges.Builder changes = new TreeChanges.Builder();
  private final TreePath path = new TreePath();

  /** The depths of the path whose directories are among the changes already. */
  private final BitSet told = new BitSet();

  /** How deep the path leads through directories that were there before. */
  private int common;

  /** Knows what the builder itself has done to a tree, and undone. */
  public interface OwnChanges {
    /**
     * Whether a file is as it was although something has touched it.
     *
     * @param path relative to the root
     */
    boolean leftAlone(byte[] path);
  }

  /** Compares with this. */
  public TreeComparison(TreeIndex before, OwnChanges own) {
    this.old = before.cursor();
    this.own = own;
    old.next();
  }

  /** The next file of the walk. */
  public void add(ScannedFile file) {
    var depth = file.depth();
    goneBelow(depth);
    common = Math.min(common, depth - 1);
    var isNew = common < depth - 1 || !findOld(file);
    path.put(depth, file.names(), file.nameStart(), file.nameLength());
    told.clear(depth);
    if (isNew) {
      if (file.kind() != Kind.SOCKET) {
        tell(TreeChanges.Type.PUT, depth);
      }
    } else if (file.kind() == Kind.DIRECTORY) {
      compareDirectory(file);
    } else {
      compareFile(file);
      old.skip();
    }
    index.add(file);
  }

  /** The walk is over. */
  public TreeChanges finish() {
    goneBelow(0);
    return changes.build();
  }

  /** What the tree looks like now. */
  public TreeIndex index() {
    return index.build();
  }

  /** What is left of directories the walk has gone out of is not there any more. */
  private void goneBelow(int depth) {
    while (old.depth() > depth) {
      gone();
    }
  }

  private void gone() {
    tellParents(old.depth());
    changes.add(TreeChanges.Type.GONE, old.depth(), old.name(), 0, old.nameLength());
    old.skip();
  }

  /** Whether there was a file of this name; those with smaller names are gone. */
  private boolean findOld(ScannedFile file) {
    while (old.depth() == file.depth()) {
      var end = file.nameStart() + file.nameLength();
      var order =
          Arrays.compareUnsigned(
              old.name(), 0, old.nameLength(), file.names(), file.nameStart(), end);
      if (order >= 0) {
        return order == 0;
      }
      gone();
    }
    return false;
  }

  private void compareDirectory(ScannedFile file) {
    var depth = file.depth();
    if (old.kind() != Kind.DIRECTORY || old.identity() != file.identity()) {
      tell(TreeChanges.Type.REPLACED_DIRECTORY, depth);
      old.skip();
      return;
    }
    if (hasChanged(file)) {
      tell(TreeChanges.Type.PUT, depth);
    }
    common = depth;
    old.next();
  }

  private void compareFile(ScannedFile file) {
    var depth = file.depth();
    if (file.kind() == Kind.SOCKET) {
      if (old.kind() != Kind.SOCKET) {
        tell(TreeChanges.Type.GONE, depth);
      }
    } else if (old.kind() != file.kind() || old.identity() != file.identity() || hasChanged(file)) {
      tell(TreeChanges.Type.PUT, depth);
    }
  }

  private boolean hasChanged(ScannedFile file) {
    return old.attributes() != file.attributes()
        || (old.changed() != file.changed() && !own.leftAlone(path.toBytes()));
  }

  private void tell(TreeChanges.Type type, int depth) {
    tellParents(depth);
    changes.add(type, depth, path.bytes(), path.start(depth), path.length(depth));
    told.set(depth);
  }

  private void tellParents(int depth) {
    for (var i = told.nextClearBit(1); i < depth; i = told.nextClearBit(i + 1)) {
      changes.add(TreeChanges.Type.PUT, i, path.bytes(), path.start(i), path.length(i));
      told.set(i);
    }
  }
}
