package dev.birgus.executor.run;

import dev.birgus.executor.run.TargetPlaces.Placed;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * What the launcher is told, as it reads it: fields of one byte that names them, four bytes of
 * length and the value (src/main/c/specification.c). It goes through a pipe, so nothing of it
 * stands in the argument list or environment of a process.
 */
final class LaunchFrame {

  private static final int WRITABLE = 1;
  private static final int PROGRAM = 2;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);

  /** A field that is there or not. */
  LaunchFrame flag(char field, boolean there) {
    if (there) {
      field(field, 0);
    }
    return this;
  }

  LaunchFrame text(char field, String value) {
    var encoded = encode(value);
    field(field, encoded.length);
    bytes.writeBytes(encoded);
    return this;
  }

  /** A field of an unsigned number of 32 bits. */
  LaunchFrame number(char field, long value) {
    field(field, Integer.BYTES);
    number(value);
    return this;
  }

  /** One mount, in the order they are made. */
  LaunchFrame mount(Placed placed) {
    var place = encode(placed.place());
    switch (placed.mount()) {
      case Mount.Bound bound -> {
        var source = encode(bound.source().toString());
        field('b', 4 * Integer.BYTES + place.length + source.length);
        head(placed, bound.writable() ? WRITABLE : 0, place);
        part(source);
      }
      case Mount.Memory memory -> {
        var size = encode(memory.size().isPresent() ? "" + memory.size().getAsLong() : "");
        field('t', 4 * Integer.BYTES + place.length + size.length);
        head(placed, memory.writable() ? WRITABLE : 0, place);
        part(size);
      }
      case Mount.Content content -> {
        field('s', 6 * Integer.BYTES + place.length + content.bytes().length);
        head(placed, content.program() ? PROGRAM : 0, place);
        number(content.mode());
        number(content.uid());
        number(content.gid());
        bytes.writeBytes(content.bytes());
      }
    }
    return this;
  }

  private void head(Placed placed, int flags, byte[] place) {
    number(
        switch (placed.stub()) {
          case NONE -> 0;
          case DIRECTORY -> 1;
          case FILE -> 2;
        });
    number(flags);
    part(place);
  }

  /** All of it, with its end. */
  byte[] finish() {
    field('\0', 0);
    return bytes.toByteArray();
  }

  private void field(char field, int length) {
    bytes.write(field);
    number(length);
  }

  private void part(byte[] value) {
    number(value.length);
    bytes.writeBytes(value);
  }

  private void number(long value) {
    for (var shift = 24; shift >= 0; shift -= 8) {
      bytes.write((int) (value >>> shift));
    }
  }

  private static byte[] encode(String value) {
    if (value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a NUL character in a command or its environment");
    }
    return value.getBytes(StandardCharsets.UTF_8);
  }
}
