package dev.birgus.executor.layer;

import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.files.TreeWalk;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The content of files with several names. When one name is removed the time of change of all
 * others moves, and only the content tells that they have not changed.
 */
final class SeveralNames {

  /**
   * What is read of a tree at most: images have a few such files. Of the others all names count as
   * changed when one is removed, which makes a layer larger and no less right.
   */
  private static final long MOST_BYTES = 64L << 20;

  private static final int MOST_FILES = 10_000;

  private final Map<Long, Known> byInode = new HashMap<>();
  private long left = MOST_BYTES;

  private record Known(long changed, long links, Digest content) {}

  /**
   * Takes in the file a walk is at, if it has several names.
   *
   * @param before what was known of the tree when it was looked at before
   */
  void add(TreeWalk walk, LinuxFileSystem root, SeveralNames before) throws IOException {
    if (walk.links() < 2 || byInode.containsKey(walk.identity())) {
      return;
    }
    var known = before.byInode.get(walk.identity());
    if (known != null && known.changed() == walk.changed()) {
      byInode.put(walk.identity(), known);
    } else if (byInode.size() < MOST_FILES && walk.size() <= left) {
      left -= walk.size();
      var content = content(root, walk.relative());
      byInode.put(walk.identity(), new Known(walk.changed(), walk.links(), content));
    }
  }

  /** Whether the file a walk is at has fewer names than before, and has not changed otherwise. */
  boolean hasOnlyLostNames(TreeWalk walk, LinuxFileSystem root) {
    var known = byInode.get(walk.identity());
    if (known == null || walk.links() == 0 || walk.links() >= known.links()) {
      return false;
    }
    try {
      return known.content().equals(content(root, walk.relative()));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static Digest content(LinuxFileSystem root, String path) throws IOException {
    var sha256 = Digest.newSha256();
    sha256.update(root.xattrs(path).toString().getBytes(StandardCharsets.UTF_8));
    try (var content = root.read(path)) {
      var buffer = new byte[64 * 1024];
      for (var read = content.read(buffer); read >= 0; read = content.read(buffer)) {
        sha256.update(buffer, 0, read);
      }
    }
    return Digest.ofSha256(sha256.digest());
  }
}
