package dev.birgus.cli.dockerfile;

import dev.birgus.cli.dockerfile.LayerTar.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/** The files of an image, from its layers by the rules of the OCI image specification. */
final class ImageTree {

  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";

  private final SortedMap<String, FileNode> nodes = new TreeMap<>();

  static ImageTree of(List<List<Entry>> layers) {
    var tree = new ImageTree();
    layers.forEach(tree::apply);
    return tree;
  }

  /** Whiteouts are for what lower layers have, wherever in the tar they stand. */
  private void apply(List<Entry> layer) {
    for (var entry : layer) {
      var path = path(entry.name());
      var name = name(path);
      if (name.equals(OPAQUE)) {
        removeBelow(parent(path));
      } else if (name.startsWith(WHITEOUT)) {
        remove(join(parent(path), name.substring(WHITEOUT.length())));
      }
    }
    for (var entry : layer) {
      var path = path(entry.name());
      if (name(path).startsWith(WHITEOUT)) {
        continue;
      }
      if (!entry.node().type().equals("dir")) {
        removeBelow(path);
      }
      nodes.put(path, entry.hardLink().isEmpty() ? entry.node() : linked(entry));
    }
  }

  private FileNode linked(Entry entry) {
    var existing = nodes.get(path(entry.hardLink()));
    if (entry.hardLink().startsWith("/") || existing == null) {
      throw new AssertionError("hard link to " + entry.hardLink());
    }
    return existing;
  }

  private void remove(String path) {
    nodes.remove(path);
    removeBelow(path);
  }

  private void removeBelow(String path) {
    var below = path.equals("/") ? "/" : path + "/";
    nodes.keySet().removeIf(each -> each.startsWith(below) && !each.equals("/"));
  }

  /**
   * What differs from another tree: a line for each path. Directories that differ only in their
   * time do not count.
   */
  String changesFrom(ImageTree other) {
    var mine = lines(FileNode::line);
    var theirs = other.lines(FileNode::line);
    var changes = new TreeMap<String, String>();
    mine.forEach((path, line) -> {
      if (!line.equals(theirs.get(path))) {
        changes.put(path, path + " " + line);
      }
    });
    theirs.forEach((path, _) -> {
      if (!mine.containsKey(path) && mine.containsKey(parent(path))) {
        changes.put(path, "- " + path);
      }
    });
    return String.join("\n", changes.values());
  }

  /** Where two trees are not the same, to the last byte. */
  List<String> differencesFrom(ImageTree other, Predicate<String> compared) {
    var mine = lines(FileNode::exact);
    var theirs = other.lines(FileNode::exact);
    var paths = new TreeMap<>(mine);
    paths.putAll(theirs);
    var differences = new ArrayList<String>();
    for (var path : paths.keySet()) {
      var one = mine.getOrDefault(path, "nothing");
      var another = theirs.getOrDefault(path, "nothing");
      if (compared.test(path) && !one.equals(another)) {
        differences.add(path + ": birgus " + one + ", buildah " + another);
      }
    }
    return differences;
  }

  private Map<String, String> lines(Function<FileNode, String> form) {
    var first = new IdentityHashMap<FileNode, String>();
    var lines = new HashMap<String, String>();
    nodes.forEach((path, node) -> {
      var leader = first.putIfAbsent(node, path);
      lines.put(path, leader == null ? form.apply(node) : "same as " + leader);
    });
    return lines;
  }

  private static String path(String name) {
    var path = name.startsWith("./") ? name.substring(1) : "/" + name;
    if (name.startsWith("/") || path.contains("/../")) {
      throw new AssertionError("the name of an entry is " + name);
    }
    return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  private static String parent(String path) {
    var slash = path.lastIndexOf('/');
    return slash <= 0 ? "/" : path.substring(0, slash);
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static String join(String parent, String name) {
    return parent.equals("/") ? "/" + name : parent + "/" + name;
  }
}
