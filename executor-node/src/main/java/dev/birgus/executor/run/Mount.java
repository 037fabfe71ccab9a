package dev.birgus.executor.run;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.OptionalLong;

/** Something mounted for a command, on an absolute path of its root. */
public sealed interface Mount {

  /** Where, as the command sees it; links on the way are followed inside the root. */
  String target();

  /**
   * A file, directory or socket of the node.
   *
   * @param directory whether it is one
   */
  record Bound(String target, Path source, boolean directory, boolean writable) implements Mount {
    public Bound {
      requireNonNull(target, "target");
      requireNonNull(source, "source");
    }
  }

  /**
   * An empty directory in memory.
   *
   * @param size bytes; empty for the kernel's default
   */
  record Memory(String target, OptionalLong size, boolean writable) implements Mount {
    public Memory {
      requireNonNull(target, "target");
      requireNonNull(size, "size");
    }
  }

  /**
   * A file in memory, read-only, which the node itself never sees as a file.
   *
   * @param program whether it may be executed
   * @param mode permission bits
   */
  @SuppressWarnings("ArrayRecordComponent") // Contents are handed over once, and never compared.
  record Content(String target, byte[] bytes, int mode, long uid, long gid, boolean program)
      implements Mount {
    public Content {
      requireNonNull(target, "target");
      requireNonNull(bytes, "bytes");
    }

    /** The content may be a secret. */
    @Override
    public String toString() {
      return "Content[" + target + ", " + bytes.length + " bytes]";
    }
  }
}
