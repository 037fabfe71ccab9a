package dev.birgus.executor.snapshot;

import java.util.ArrayList;
import java.util.List;

/** Numbers that are added at the end; nothing is copied to grow. */
final class PackedLongs {

  private static final int BITS = 13;
  private static final int CHUNK = 1 << BITS;

  private final List<long[]> chunks = new ArrayList<>();
  private int size;

  void add(long value) {
    if ((size & (CHUNK - 1)) == 0) {
      chunks.add(new long[CHUNK]);
    }
    chunks.get(size >> BITS)[size & (CHUNK - 1)] = value;
    size++;
  }

  long get(int index) {
    return chunks.get(index >> BITS)[index & (CHUNK - 1)];
  }
}
