package dev.birgus.executor.snapshot;

/**
 * A file as a walk through a tree came by it. The walk gives all files of a directory in the order
 * of their bytes, unsigned, and what is in a directory straight after it. Good until the walk goes
 * on.
 */
public interface ScannedFile {

  /** What of a file's kind makes a difference to layers. */
  enum Kind {
    DIRECTORY(0),
    /** Has no place in a layer. */
    SOCKET(1),
    OTHER(2);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    /** Its place among all kinds. */
    int code() {
      return code;
    }
  }

  Kind kind();

  /** How deep it is: 1 for what is in the root. */
  int depth();

  /** Holds the bytes of the name. */
  byte[] names();

  int nameStart();

  int nameLength();

  /** Another number than before means another file; a number may come back. */
  long identity();

  /** When anything of the file was last changed, nanoseconds since the epoch. */
  long changed();

  /** Another number means another type, mode, owner, time, device or, for files, size. */
  long attributes();
}
