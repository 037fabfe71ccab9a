package dev.birgus.executor.snapshot;

import java.util.Arrays;

/** A path whose last names are replaced as one goes through a tree. */
final class TreePath {

  private byte[] bytes = new byte[256];
  private int[] ends = new int[16];
  private int depth;

  /** Puts a name at a depth; what was deeper is gone. */
  void put(int depth, byte[] name, int from, int length) {
    var start = depth == 1 ? 0 : ends[depth - 1] + 1;
    if (start + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, start + length));
    }
    if (depth >= ends.length) {
      ends = Arrays.copyOf(ends, depth * 2);
    }
    if (start > 0) {
      bytes[start - 1] = '/';
    }
    System.arraycopy(name, from, bytes, start, length);
    ends[depth] = start + length;
    this.depth = depth;
  }

  int start(int depth) {
    return depth == 1 ? 0 : ends[depth - 1] + 1;
  }

  int length(int depth) {
    return ends[depth] - start(depth);
  }

  byte[] bytes() {
    return bytes;
  }

  /** The whole path, relative. */
  byte[] toBytes() {
    return Arrays.copyOf(bytes, ends[depth]);
  }
}
