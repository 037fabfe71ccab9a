package dev.birgus.executor.snapshot;

/** What changed in a tree, as a list of paths in the order a layer has them. */
public final class TreeChanges {

  private static final Type[] TYPES = Type.values();

  private final PackedBytes list;

  /** What became of a path. */
  public enum Type {
    /** It is there, new or changed, or something in it is. */
    PUT(0),
    /** It is a directory that has nothing in common with what was there. */
    REPLACED_DIRECTORY(1),
    /** It is gone. */
    GONE(2);

    private final int code;

    Type(int code) {
      this.code = code;
    }
  }

  private TreeChanges(PackedBytes list) {
    this.list = list;
    list.trim();
  }

  /** Whether nothing changed. */
  public boolean isEmpty() {
    return list.size() == 0;
  }

  /** From the first change on. */
  public Cursor cursor() {
    return new Cursor(list.reader());
  }

  /** Takes changes in their order, a directory before what is in it. */
  static final class Builder {
    private final PackedBytes list = new PackedBytes();

    void add(Type type, int depth, byte[] name, int from, int length) {
      list.add(type.code);
      list.addNumber(depth);
      list.add(length);
      list.add(name, from, length);
    }

    TreeChanges build() {
      return new TreeChanges(list);
    }
  }

  /** Goes through the changes. */
  public static final class Cursor {
    private final PackedBytes.Reader reader;
    private final TreePath path = new TreePath();
    private final byte[] name = new byte[255];
    private Type type = Type.PUT;

    private Cursor(PackedBytes.Reader reader) {
      this.reader = reader;
    }

    /** Goes to the next change, if there is one. */
    public boolean next() {
      if (!reader.hasMore()) {
        return false;
      }
      type = TYPES[reader.next()];
      var depth = reader.nextNumber();
      var length = reader.next();
      reader.next(name, 0, length);
      path.put(depth, name, 0, length);
      return true;
    }

    public Type type() {
      return type;
    }

    /** The path, relative to the root. */
    public byte[] path() {
      return path.toBytes();
    }
  }
}
