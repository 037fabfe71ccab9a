package dev.birgus.executor.snapshot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Bytes that are added at the end, and read from the beginning; nothing is copied to grow. */
final class PackedBytes {

  private static final int CHUNK = 1 << 16;

  private final List<byte[]> chunks = new ArrayList<>();
  private byte[] last = new byte[0];
  private int used;

  void add(int value) {
    if (used == last.length) {
      last = new byte[CHUNK];
      chunks.add(last);
      used = 0;
    }
    last[used++] = (byte) value;
  }

  /** A number of at least 0, seven bits a byte. */
  void addNumber(int number) {
    var rest = number;
    while (rest > 0x7f) {
      add((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    add(rest);
  }

  void add(byte[] bytes, int from, int length) {
    if (last.length - used >= length) {
      System.arraycopy(bytes, from, last, used, length);
      used += length;
      return;
    }
    for (var i = 0; i < length; i++) {
      add(bytes[from + i]);
    }
  }

  long size() {
    return chunks.isEmpty() ? 0 : (chunks.size() - 1L) * CHUNK + used;
  }

  /** Gives back what the last chunk has not used. */
  void trim() {
    if (!chunks.isEmpty() && used < last.length) {
      last = Arrays.copyOf(last, used);
      chunks.set(chunks.size() - 1, last);
    }
  }

  Reader reader() {
    return new Reader();
  }

  /** Reads from the beginning. */
  final class Reader {
    private byte[] current = new byte[0];
    private int chunk = -1;
    private int at;
    private long position;

    boolean hasMore() {
      return position < size();
    }

    int next() {
      if (at == current.length) {
        current = chunks.get(++chunk);
        at = 0;
      }
      position++;
      return current[at++] & 0xff;
    }

    int nextNumber() {
      var number = 0;
      for (var shift = 0; ; shift += 7) {
        var value = next();
        number |= (value & 0x7f) << shift;
        if (value <= 0x7f) {
          return number;
        }
      }
    }

    void next(byte[] into, int from, int length) {
      if (current.length - at >= length) {
        System.arraycopy(current, at, into, from, length);
        at += length;
        position += length;
        return;
      }
      for (var i = 0; i < length; i++) {
        into[from + i] = (byte) next();
      }
    }
  }
}
