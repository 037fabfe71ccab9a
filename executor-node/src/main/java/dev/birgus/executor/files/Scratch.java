package dev.birgus.executor.files;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Memory outside the heap that one thread passes to the kernel; its content is good for one call.
 */
final class Scratch {

  /** Room for a path: the kernel takes 4096 bytes, and refuses more itself. */
  private static final int PATH = 4104;

  /** Room for data: what one read, write or listing moves. */
  static final int DATA = 128 * 1024;

  private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

  private final MemorySegment memory;
  final MemorySegment errno;
  final MemorySegment first;
  final MemorySegment second;
  final MemorySegment struct;
  final MemorySegment data;

  private Scratch() {
    // Freed with the thread; nothing else holds it.
    memory = Arena.ofAuto().allocate(2 * PATH + 512 + 64 + DATA, 64);
    errno = memory.asSlice(0, Linker.Option.captureStateLayout().byteSize());
    struct = memory.asSlice(64, 512);
    first = memory.asSlice(64 + 512, PATH);
    second = memory.asSlice(64 + 512 + PATH, PATH);
    data = memory.asSlice(64 + 512 + 2 * PATH, DATA);
  }

  static Scratch get() {
    return OF_THREAD.get();
  }

  /** Writes a name with its ending zero. Too long a one is cut: the kernel refuses it as such. */
  static long put(MemorySegment room, byte[] name) {
    var length = Math.min(name.length, PATH - 1);
    MemorySegment.copy(name, 0, room, ValueLayout.JAVA_BYTE, 0, length);
    room.set(ValueLayout.JAVA_BYTE, length, (byte) 0);
    return room.address();
  }
}
