package dev.birgus.executor.files;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** The program this process runs. */
public final class ProgramImage {

  private ProgramImage() {}

  /**
   * Becomes another program, in the same process: execve(2). Nothing of this one is left, no
   * shutdown hook runs.
   *
   * @param command path of the program and its arguments, as bytes
   * @param environment {@code NAME=value}, as bytes
   * @return never
   * @throws IOException if the kernel refuses
   */
  public static IOException become(List<byte[]> command, List<byte[]> environment)
      throws IOException {
    try (var arena = Arena.ofConfined()) {
      var path = string(arena, command.getFirst());
      var error = Linux.execute(path, array(arena, command), array(arena, environment));
      throw new IOException("cannot become another program: " + Errno.reason(-error));
    }
  }

  private static MemorySegment array(Arena arena, List<byte[]> values) {
    var array = arena.allocate(ValueLayout.ADDRESS, values.size() + 1L);
    for (var i = 0; i < values.size(); i++) {
      array.setAtIndex(ValueLayout.ADDRESS, i, string(arena, values.get(i)));
    }
    return array;
  }

  private static MemorySegment string(Arena arena, byte[] value) {
    var string = arena.allocate(value.length + 1L);
    MemorySegment.copy(value, 0, string, ValueLayout.JAVA_BYTE, 0, value.length);
    return string;
  }
}
