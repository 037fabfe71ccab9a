package dev.birgus.executor.snapshot;

import static java.util.Objects.requireNonNull;

/** One entry of a layer, as the OCI image specification's changesets have them. */
public sealed interface Change {

  /** The name of the entry in the layer's tar, relative, without a slash at either end. */
  String path();

  /** The file is there, new or changed, with all its content. */
  record Put(String path) implements Change {
    public Put {
      requireNonNull(path, "path");
    }
  }

  /**
   * The path is another name of a file that came before.
   *
   * @param target the path of that file
   */
  record Link(String path, String target) implements Change {
    public Link {
      requireNonNull(path, "path");
      requireNonNull(target, "target");
    }
  }

  /** What lower layers have at a path is gone; {@code path} is that of the whiteout file. */
  record Whiteout(String path) implements Change {
    public Whiteout {
      requireNonNull(path, "path");
    }
  }

  /** What lower layers have in a directory is gone; {@code path} is that of the marker in it. */
  record Opaque(String path) implements Change {
    public Opaque {
      requireNonNull(path, "path");
    }
  }
}
