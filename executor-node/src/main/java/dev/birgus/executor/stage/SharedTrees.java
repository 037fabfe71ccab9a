package dev.birgus.executor.stage;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.files.WorkDirectory;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Trees of a node that nobody writes to, by their layers: each is made once however many stages
 * copy from it at the same time. Of those nobody uses a few stay for the stages to come; the rest
 * goes, for they take as much of the disk as the image has.
 */
final class SharedTrees {

  private static final int IDLE = 2;

  private final WorkDirectory work;

  /** In the order they were used last. */
  private final Map<List<Digest>, Tree> trees = new LinkedHashMap<>();

  SharedTrees(WorkDirectory work) {
    this.work = requireNonNull(work, "work");
  }

  /** Makes a tree. */
  interface Maker {
    /** Makes it in an empty folder, and says where. */
    Path make(Path folder) throws IOException, InterruptedException;
  }

  /** A tree in use. */
  interface Use extends AutoCloseable {
    /** The tree, which must not be written to. */
    Path path();

    @Override
    void close() throws IOException;
  }

  private static final class Tree {
    int users;

    /** Asked while another thread is making it. */
    private volatile boolean made;

    private Optional<WorkDirectory> folder = Optional.empty();
    private Optional<Path> path = Optional.empty();

    /** Others that want it wait; if it cannot be made the next one tries. */
    synchronized Path make(WorkDirectory work, Maker maker)
        throws IOException, InterruptedException {
      if (path.isPresent()) {
        return path.get();
      }
      var place = work.makeNew("tree-");
      try {
        var tree = maker.make(place.path());
        give(place, tree);
        return tree;
      } catch (IOException | InterruptedException | RuntimeException failed) {
        work.remove(place);
        throw failed;
      }
    }

    synchronized void give(WorkDirectory folder, Path path) {
      this.folder = Optional.of(folder);
      this.path = Optional.of(path);
      made = true;
    }

    boolean isMade() {
      return made;
    }

    synchronized void remove(WorkDirectory work) throws IOException {
      if (folder.isPresent()) {
        work.remove(folder.get());
      }
      made = false;
      folder = Optional.empty();
      path = Optional.empty();
    }
  }

  /** The tree of some layers, made if nobody has yet. */
  Use use(List<Layer> layers, Maker maker) throws IOException, InterruptedException {
    var key = key(layers);
    var tree = begin(key, true).orElseThrow();
    try {
      return new InUse(key, tree.make(work, maker));
    } catch (IOException | InterruptedException | RuntimeException failed) {
      end(key);
      throw failed;
    }
  }

  /** The tree of some layers if there is one. */
  Optional<Use> find(List<Layer> layers) throws IOException, InterruptedException {
    var key = key(layers);
    var tree = begin(key, false);
    if (tree.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new InUse(
            key,
            tree.get()
                .make(
                    work,
                    _ -> {
                      throw new IllegalStateException("a tree that is there need not be made");
                    })));
  }

  /**
   * Takes over a tree that nobody writes to any more, for the stages to come.
   *
   * @param folder of the work directory, in which the tree is
   */
  void give(List<Layer> layers, WorkDirectory folder, Path path) throws IOException {
    var key = key(layers);
    synchronized (this) {
      if (!trees.containsKey(key)) {
        var tree = new Tree();
        tree.give(folder, path);
        tree.users = 1;
        trees.put(key, tree);
      } else {
        work.remove(folder);
        return;
      }
    }
    end(key);
  }

  /** Removes a tree that was not taken over. */
  void remove(WorkDirectory folder) throws IOException {
    work.remove(folder);
  }

  private static List<Digest> key(List<Layer> layers) {
    return layers.stream().map(Layer::diffId).toList();
  }

  private synchronized Optional<Tree> begin(List<Digest> key, boolean make) {
    var tree = trees.get(key);
    if (tree == null || (!make && !tree.isMade())) {
      if (!make) {
        return Optional.empty();
      }
      tree = new Tree();
    }
    tree.users++;
    trees.remove(key);
    trees.put(key, tree);
    return Optional.of(tree);
  }

  private void end(List<Digest> key) throws IOException {
    for (var tree : release(key)) {
      tree.remove(work);
    }
  }

  private synchronized List<Tree> release(List<Digest> key) {
    var used = requireNonNull(trees.get(key), "in use");
    used.users--;
    if (used.users == 0 && !used.isMade()) {
      trees.remove(key);
    }
    return idle(IDLE);
  }

  private List<Tree> idle(int allowed) {
    var idle = trees.values().stream().filter(tree -> tree.users == 0).count();
    var surplus = new ArrayList<Tree>();
    for (Iterator<Tree> all = trees.values().iterator(); all.hasNext() && idle > allowed; ) {
      var tree = all.next();
      if (tree.users == 0) {
        surplus.add(tree);
        all.remove();
        idle--;
      }
    }
    return surplus;
  }

  /** Removes all that nobody uses. */
  void clear() throws IOException {
    List<Tree> unused;
    synchronized (this) {
      unused = idle(0);
    }
    for (var tree : unused) {
      tree.remove(work);
    }
  }

  private final class InUse implements Use {
    private final List<Digest> key;
    private final Path path;
    private boolean closed;

    InUse(List<Digest> key, Path path) {
      this.key = key;
      this.path = path;
    }

    @Override
    public Path path() {
      return path;
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        end(key);
      }
    }
  }
}
