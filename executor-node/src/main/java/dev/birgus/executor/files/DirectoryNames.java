package dev.birgus.executor.files;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The names of one directory at a time, in the order of their bytes. They stay where the kernel
 * wrote them, to be given back to it as they are; a copy of that is what Java looks at.
 */
final class DirectoryNames {

  private static final int FIRST = 8 * 1024;

  /** A record holds a name of up to 255 bytes; the kernel writes no part of one. */
  private static final int LARGEST_RECORD = 280;

  private static final int RECORD_LENGTH = 16;
  private static final int RECORD_NAME = 19;

  /** What is sorted by inserting before it is merged. */
  private static final int RUN = 8;

  private final Arena arena = Arena.ofAuto();
  private MemorySegment records = arena.allocate(FIRST, 8);
  private byte[] bytes = new byte[FIRST];
  private int[] starts = new int[64];
  private int[] spare = new int[0];
  private int count;

  /** Reads the names of an open directory, in place of those before. */
  void read(int directory, TreeWalk path) throws IOException {
    count = 0;
    var filled = 0;
    while (true) {
      if (records.byteSize() - filled < LARGEST_RECORD) {
        grow(filled);
      }
      var room = (int) (records.byteSize() - filled);
      var read = Linux.readDirectory(directory, records.address() + filled, room);
      if (read < 0) {
        throw path.failure(read);
      }
      if (read == 0) {
        break;
      }
      MemorySegment.copy(records, JAVA_BYTE, filled, bytes, filled, read);
      find(filled, filled + read);
      filled += read;
    }
    sort();
  }

  private void grow(int filled) throws IOException {
    if (records.byteSize() > Integer.MAX_VALUE / 2) {
      throw new IOException("a directory has more names than can be looked at");
    }
    var more = arena.allocate(records.byteSize() * 2, 8);
    MemorySegment.copy(records, 0, more, 0, filled);
    records = more;
    bytes = Arrays.copyOf(bytes, (int) more.byteSize());
  }

  private void find(int from, int end) {
    for (var at = from; at < end; ) {
      var length =
          (bytes[at + RECORD_LENGTH] & 0xff) | ((bytes[at + RECORD_LENGTH + 1] & 0xff) << 8);
      var name = at + RECORD_NAME;
      if (!isDots(name)) {
        if (count == starts.length) {
          starts = Arrays.copyOf(starts, count * 2);
        }
        starts[count++] = name;
      }
      at += length;
    }
  }

  private boolean isDots(int name) {
    return bytes[name] == '.'
        && (bytes[name + 1] == 0 || (bytes[name + 1] == '.' && bytes[name + 2] == 0));
  }

  int count() {
    return count;
  }

  /** Where the name begins in {@link #bytes()}. */
  int start(int index) {
    return starts[index];
  }

  int length(int index) {
    var end = starts[index];
    while (bytes[end] != 0) {
      end++;
    }
    return end - starts[index];
  }

  byte[] bytes() {
    return bytes;
  }

  /** Where the name is for the kernel, a zero at its end. */
  long address(int index) {
    return records.address() + starts[index];
  }

  /** The zero at the end of a name is less than all that may be in one. */
  private int compare(int a, int b) {
    var x = a;
    var y = b;
    while (bytes[x] == bytes[y] && bytes[x] != 0) {
      x++;
      y++;
    }
    return (bytes[x] & 0xff) - (bytes[y] & 0xff);
  }

  private void sort() {
    for (var from = 0; from < count; from += RUN) {
      insert(from, Math.min(count, from + RUN));
    }
    if (count > RUN && spare.length < count) {
      spare = new int[starts.length];
    }
    for (var width = RUN; width < count; width *= 2) {
      for (var from = 0; from + width < count; from += 2 * width) {
        merge(from, from + width, Math.min(count, from + 2 * width));
      }
    }
  }

  private void insert(int from, int end) {
    for (var i = from + 1; i < end; i++) {
      var each = starts[i];
      var place = i;
      while (place > from && compare(starts[place - 1], each) > 0) {
        starts[place] = starts[place - 1];
        place--;
      }
      starts[place] = each;
    }
  }

  private void merge(int from, int middle, int end) {
    if (compare(starts[middle - 1], starts[middle]) <= 0) {
      return;
    }
    System.arraycopy(starts, from, spare, from, middle - from);
    var left = from;
    var right = middle;
    for (var i = from; left < middle; i++) {
      if (right < end && compare(spare[left], starts[right]) > 0) {
        starts[i] = starts[right++];
      } else {
        starts[i] = spare[left++];
      }
    }
  }
}
