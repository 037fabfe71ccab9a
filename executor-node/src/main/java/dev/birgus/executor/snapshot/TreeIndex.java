package dev.birgus.executor.snapshot;

import dev.birgus.executor.snapshot.ScannedFile.Kind;

/**
 * What a tree looked like: for each file its name, place and stamps, about 40 bytes in all, in the
 * order of the walk.
 */
public final class TreeIndex {

  /** Of a tree with nothing in it. */
  public static final TreeIndex EMPTY = new Builder().build();

  private static final int LONGEST_NAME = 255;
  private static final Kind[] KINDS = Kind.values();

  private final PackedBytes names;
  private final PackedLongs identities;
  private final PackedLongs changes;
  private final PackedLongs attributes;
  private final int size;

  private TreeIndex(Builder builder) {
    this.names = builder.names;
    this.identities = builder.identities;
    this.changes = builder.changes;
    this.attributes = builder.attributes;
    this.size = builder.size;
    names.trim();
  }

  /** How many files it knows. */
  public int size() {
    return size;
  }

  Cursor cursor() {
    return new Cursor();
  }

  /** Takes the files of a walk, in its order. */
  public static final class Builder {
    private final PackedBytes names = new PackedBytes();
    private final PackedLongs identities = new PackedLongs();
    private final PackedLongs changes = new PackedLongs();
    private final PackedLongs attributes = new PackedLongs();
    private int size;

    /** Adds the next file. */
    public void add(ScannedFile file) {
      names.addNumber(file.depth());
      names.add(file.kind().code());
      names.add(file.nameLength());
      names.add(file.names(), file.nameStart(), file.nameLength());
      identities.add(file.identity());
      changes.add(file.changed());
      attributes.add(file.attributes());
      size++;
    }

    /** The index; nothing is added any more. */
    public TreeIndex build() {
      return new TreeIndex(this);
    }
  }

  /** Goes through the files; at the end its depth is 0. */
  final class Cursor {
    private final PackedBytes.Reader reader = names.reader();
    private final byte[] name = new byte[LONGEST_NAME];
    private int number = -1;
    private int depth;
    private int nameLength;
    private Kind kind = Kind.OTHER;

    void next() {
      number++;
      if (number >= size) {
        depth = 0;
        return;
      }
      depth = reader.nextNumber();
      kind = KINDS[reader.next()];
      nameLength = reader.next();
      reader.next(name, 0, nameLength);
    }

    /** Goes on behind all that is in the directory it is at. */
    void skip() {
      var start = depth;
      do {
        next();
      } while (depth > start);
    }

    int depth() {
      return depth;
    }

    Kind kind() {
      return kind;
    }

    byte[] name() {
      return name;
    }

    int nameLength() {
      return nameLength;
    }

    long identity() {
      return identities.get(number);
    }

    long changed() {
      return changes.get(number);
    }

    long attributes() {
      return attributes.get(number);
    }
  }
}
