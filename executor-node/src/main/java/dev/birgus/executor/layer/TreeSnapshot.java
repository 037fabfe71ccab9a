package dev.birgus.executor.layer;

import dev.birgus.executor.files.KeptPlaces;
import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.files.TreeWalk;
import dev.birgus.executor.snapshot.TreeChanges;
import dev.birgus.executor.snapshot.TreeComparison;
import dev.birgus.executor.snapshot.TreeComparison.OwnChanges;
import dev.birgus.executor.snapshot.TreeIndex;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;

/**
 * What a tree looked like at a time. Taking one costs two system calls a file, and reads no
 * content; it blocks, so call from a platform thread.
 */
public final class TreeSnapshot {

  /**
   * How far the kernel's clock for files may go in one step: 10 ms with HZ=100, and as much again.
   */
  private static final long TICK_MILLIS = 20;

  private static final int LOOK_UP = 1 << 12;

  private final TreeIndex index;
  private final SeveralNames several;
  private final long latest;
  private final KeptPlaces kept;

  private TreeSnapshot(TreeIndex index, SeveralNames several, long latest, KeptPlaces kept) {
    this.kept = kept;
    this.index = index;
    this.several = several;
    this.latest = latest;
  }

  /**
   * How a tree differs from what it looked like.
   *
   * @param now what it looks like
   */
  public record Difference(TreeChanges changes, TreeSnapshot now) {}

  /** Looks at a tree that nothing changes meanwhile. */
  public static TreeSnapshot of(Path tree) throws IOException {
    return of(tree, KeptPlaces.NONE);
  }

  /** Looks at all of a tree but what is kept, which it does not look at later either. */
  public static TreeSnapshot of(Path tree, KeptPlaces kept) throws IOException {
    var index = new TreeIndex.Builder();
    try (var files = LinuxFileSystem.open(tree);
        var walk = TreeWalk.of(tree, kept)) {
      var several = new SeveralNames();
      for (var i = 1; walk.next(); i++) {
        index.add(walk);
        several.add(walk, files, several);
        stopIfInterrupted(i);
      }
      return new TreeSnapshot(index.build(), several, walk.latest(), kept);
    }
  }

  /**
   * Looks at the tree again.
   *
   * @param own tells what has been touched by nobody but ourselves
   */
  public Difference compare(Path tree, OwnChanges own) throws IOException {
    try (var files = LinuxFileSystem.open(tree);
        var walk = TreeWalk.of(tree, kept)) {
      var now = new SeveralNames();
      var comparison =
          new TreeComparison(
              index, path -> own.leftAlone(path) || several.hasOnlyLostNames(walk, files));
      for (var i = 1; walk.next(); i++) {
        comparison.add(walk);
        now.add(walk, files, several);
        stopIfInterrupted(i);
      }
      var changes = comparison.finish();
      return new Difference(
          changes, new TreeSnapshot(comparison.index(), now, walk.latest(), kept));
    }
  }

  /** How many files there are. */
  public int size() {
    return index.size();
  }

  /**
   * Waits until a change gets another time than all that was seen: the clock for files moves in
   * steps on kernels before 6.13, and what is written twice within one step has the same time. It
   * takes 20 ms at most, and nothing where as much has passed since the last change.
   */
  public void settle() throws InterruptedException {
    var passed = System.currentTimeMillis() - Math.floorDiv(latest, 1_000_000L);
    if (latest != Long.MIN_VALUE && passed < TICK_MILLIS) {
      // A time in the future, of another machine's clock, says nothing of how long to wait.
      Thread.sleep(Math.min(TICK_MILLIS, TICK_MILLIS - passed));
    }
  }

  private static void stopIfInterrupted(int file) throws InterruptedIOException {
    if ((file & (LOOK_UP - 1)) == 0 && Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("interrupted while looking for changes");
    }
  }
}
