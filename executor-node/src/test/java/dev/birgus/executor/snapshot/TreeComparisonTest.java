package dev.birgus.executor.snapshot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.executor.snapshot.ScannedFile.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TreeComparisonTest {

  /** A file of a walk; its path says where it is. */
  private record Seen(String path, Kind kind, long identity, long changed, long attributes)
      implements ScannedFile {

    static Seen directory(String path, long identity, long changed) {
      return new Seen(path, Kind.DIRECTORY, identity, changed, 0);
    }

    static Seen file(String path, long identity, long changed) {
      return new Seen(path, Kind.OTHER, identity, changed, 0);
    }

    @Override
    public int depth() {
      return path.split("/").length;
    }

    @Override
    public byte[] names() {
      return path.getBytes(UTF_8);
    }

    @Override
    public int nameStart() {
      return path.lastIndexOf('/') + 1;
    }

    @Override
    public int nameLength() {
      return path.length() - nameStart();
    }
  }

  private static TreeIndex index(Seen... files) {
    var index = new TreeIndex.Builder();
    for (var file : files) {
      index.add(file);
    }
    return index.build();
  }

  private static List<String> changes(TreeIndex before, List<Seen> now, String... own) {
    var comparison =
        new TreeComparison(before, path -> List.of(own).contains(new String(path, UTF_8)));
    now.forEach(comparison::add);
    var lines = new ArrayList<String>();
    for (var change = comparison.finish().cursor(); change.next(); ) {
      lines.add(change.type() + " " + new String(change.path(), UTF_8));
    }
    return lines;
  }

  @Test
  void nothingChangesInATreeLeftAlone() {
    var files = List.of(Seen.directory("a", 1, 1), Seen.file("a/b", 2, 1), Seen.file("c", 3, 1));

    assertThat(changes(index(files.toArray(Seen[]::new)), files)).isEmpty();
    assertThat(changes(TreeIndex.EMPTY, List.of())).isEmpty();
  }

  @Test
  void aChangeBringsTheDirectoriesOnTheWayToIt() {
    var before =
        index(
            Seen.directory("a", 1, 1),
            Seen.directory("a/b", 2, 1),
            Seen.file("a/b/c", 3, 1),
            Seen.file("a/b/d", 4, 1),
            Seen.directory("e", 5, 1));

    var now =
        List.of(
            Seen.directory("a", 1, 1),
            Seen.directory("a/b", 2, 1),
            Seen.file("a/b/c", 3, 2),
            Seen.file("a/b/d", 4, 2),
            Seen.directory("e", 5, 1));

    assertThat(changes(before, now)).containsExactly("PUT a", "PUT a/b", "PUT a/b/c", "PUT a/b/d");
  }

  @Test
  void whatIsGoneStandsWhereItWas() {
    var before =
        index(
            Seen.directory("a", 1, 1),
            Seen.file("a/b", 2, 1),
            Seen.directory("a/c", 3, 1),
            Seen.file("a/c/d", 4, 1),
            Seen.file("a/e", 5, 1),
            Seen.file("f", 6, 1));

    assertThat(changes(before, List.of(Seen.directory("a", 1, 2), Seen.file("a/d", 7, 2))))
        .containsExactly("PUT a", "GONE a/b", "GONE a/c", "PUT a/d", "GONE a/e", "GONE f");
    assertThat(changes(before, List.of()))
        .as("only the top of what is gone")
        .containsExactly("GONE a", "GONE f");
  }

  @Test
  void aDirectoryMadeAnewHidesWhatWasThere() {
    var before = index(Seen.directory("a", 1, 1), Seen.file("a/b", 2, 1), Seen.file("c", 3, 1));

    assertThat(
            changes(
                before,
                List.of(
                    Seen.directory("a", 9, 2),
                    Seen.file("a/b", 8, 2),
                    Seen.directory("c", 7, 2),
                    Seen.file("c/d", 6, 2))))
        .containsExactly("REPLACED_DIRECTORY a", "PUT a/b", "REPLACED_DIRECTORY c", "PUT c/d");
    assertThat(changes(before, List.of(Seen.file("a", 9, 2), Seen.file("c", 3, 1))))
        .containsExactly("PUT a");
  }

  @Test
  void socketsAreNotThere() {
    var before = index(Seen.file("a", 1, 1), new Seen("s", Kind.SOCKET, 2, 1, 0));

    var now =
        List.of(
            new Seen("a", Kind.SOCKET, 3, 2, 0),
            new Seen("b", Kind.SOCKET, 4, 2, 0),
            new Seen("s", Kind.SOCKET, 2, 9, 0));

    assertThat(changes(before, now)).containsExactly("GONE a");
  }

  @Test
  void whatWeHaveTouchedOurselvesHasNotChangedUnlessItLooksDifferent() {
    var before = index(Seen.directory("dev", 1, 1), Seen.directory("etc", 2, 1));

    var now = List.of(Seen.directory("dev", 1, 2), new Seen("etc", Kind.DIRECTORY, 2, 2, 7));

    assertThat(changes(before, now, "dev", "etc")).containsExactly("PUT etc");
    assertThat(changes(before, now)).containsExactly("PUT dev", "PUT etc");
  }

  /** Names with bytes below the slash's are sorted before what is in a directory. */
  @Test
  void namesAreComparedByThemselves() {
    var before = index(Seen.directory("a", 1, 1), Seen.file("a/x", 2, 1), Seen.file("a-b", 3, 1));

    assertThat(changes(before, List.of(Seen.directory("a", 1, 1), Seen.file("a-b", 3, 1))))
        .containsExactly("PUT a", "GONE a/x");
  }

  /** Against a comparison that looks everything up. */
  @Test
  void anyTwoTreesAreComparedAsAMapWouldCompareThem() {
    var random = new Random(20);
    for (var round = 0; round < 300; round++) {
      var before = tree(random);
      var now = tree(random);

      var changes = changes(index(before.values().toArray(Seen[]::new)), List.copyOf(now.values()));

      var expected = new ArrayList<String>();
      for (var path : before.keySet()) {
        var parent = path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : "";
        var inCommon = isCommon(parent, before, now);
        if (!now.containsKey(path) && inCommon) {
          expected.add("GONE " + path);
        }
      }
      assertThat(changes.stream().filter(line -> line.startsWith("GONE")))
          .containsExactlyInAnyOrderElementsOf(expected);
      for (var file : now.values()) {
        var old = before.get(file.path());
        if (!file.equals(old)) {
          assertThat(changes).anyMatch(line -> line.endsWith(" " + file.path()));
        }
      }
      assertThat(changes).doesNotHaveDuplicates();
    }
  }

  private static boolean isCommon(String path, Map<String, Seen> before, Map<String, Seen> now) {
    if (path.isEmpty()) {
      return true;
    }
    var old = before.get(path);
    var other = now.get(path);
    return old != null
        && other != null
        && old.kind() == Kind.DIRECTORY
        && other.kind() == Kind.DIRECTORY
        && old.identity() == other.identity()
        && isCommon(
            path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : "", before, now);
  }

  /** Identities are the same for the same path, but for some. */
  private static SortedMap<String, Seen> tree(Random random) {
    var tree =
        new TreeMap<String, Seen>(java.util.Comparator.comparing(path -> path.replace('/', '\0')));
    fill(tree, "", random);
    return tree;
  }

  private static void fill(Map<String, Seen> tree, String prefix, Random random) {
    for (var name : List.of("a", "a-", "b", "c")) {
      var path = prefix + name;
      var identity = random.nextInt(4) == 0 ? 100 + random.nextInt(1000) : 1;
      switch (random.nextInt(4)) {
        case 0 -> {}
        case 1, 2 -> tree.put(path, Seen.file(path, identity, random.nextInt(2)));
        default -> {
          tree.put(path, Seen.directory(path, identity, random.nextInt(2)));
          if (path.length() < 8) {
            fill(tree, path + "/", random);
          }
        }
      }
    }
  }
}
