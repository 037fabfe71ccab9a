package dev.birgus.executor.snapshot;

import dev.birgus.executor.snapshot.UpperEntry.FileId;
import dev.birgus.infra.contracts.Failure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns the files of an upper directory into the entries of its layer, one by one, in the order
 * given: parents before what is in them, names sorted. The marker of an opaque directory follows
 * the directory at once, so it comes before all that is put into it; whiteouts stand where the
 * names they hide would.
 *
 * <p>What it remembers between entries is the first path of each file with several.
 */
public final class LayerChanges {

  /** What the names of whiteout files begin with. */
  public static final String WHITEOUT = ".wh.";

  /** The name of the marker in an opaque directory. */
  public static final String OPAQUE = ".wh..wh..opq";

  private final Map<FileId, String> firstPaths = new HashMap<>();

  /**
   * The changes an entry makes.
   *
   * @throws dev.birgus.infra.contracts.FailureException if its name is one that layers keep for
   *     whiteouts
   */
  public List<Change> of(UpperEntry entry) {
    var path = entry.path();
    var name = entry.name();
    if (name.startsWith(WHITEOUT)) {
      throw Failure.of(
              "whiteout-name",
              "The file /" + path + " cannot be put into a layer: its name means a deletion there.",
              "Rename it, or remove it in the step that makes it.")
          .toException();
    }
    if (entry.whiteout()) {
      var directory = path.substring(0, path.length() - name.length());
      return List.of(new Change.Whiteout(directory + WHITEOUT + name));
    }
    if (entry.directory()) {
      var put = new Change.Put(path);
      return entry.opaque() ? List.of(put, new Change.Opaque(path + "/" + OPAQUE)) : List.of(put);
    }
    if (entry.links() > 1) {
      var first = firstPaths.putIfAbsent(entry.file(), path);
      if (first != null) {
        return List.of(new Change.Link(path, first));
      }
    }
    return List.of(new Change.Put(path));
  }
}
