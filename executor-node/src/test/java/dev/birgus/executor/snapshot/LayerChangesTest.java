package dev.birgus.executor.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.executor.snapshot.UpperEntry.FileId;
import dev.birgus.infra.contracts.FailureException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LayerChangesTest {

  private static UpperEntry file(String path, long inode, long links) {
    return new UpperEntry(path, false, false, false, new FileId(1, inode), links);
  }

  @Test
  void aWhiteoutStandsBesideWhatItHides() {
    var entry = new UpperEntry("a/b", true, false, false, new FileId(1, 1), 7);

    assertThat(new LayerChanges().of(entry)).containsExactly(new Change.Whiteout("a/.wh.b"));
  }

  @Test
  void theMarkerFollowsItsDirectory() {
    var entry = new UpperEntry("a", false, true, true, new FileId(1, 1), 2);

    assertThat(new LayerChanges().of(entry))
        .containsExactly(new Change.Put("a"), new Change.Opaque("a/.wh..wh..opq"));
  }

  @Test
  void namesKeptForWhiteoutsAreRefused() {
    for (var name : new String[] {".wh.", ".wh.x", "d/.wh..wh..opq"}) {
      assertThatThrownBy(() -> new LayerChanges().of(file(name, 1, 1)))
          .isInstanceOfSatisfying(
              FailureException.class,
              e -> assertThat(e.failure().name()).isEqualTo("whiteout-name"));
    }
    assertThat(new LayerChanges().of(file(".wh", 1, 1))).hasSize(1);
  }

  @Test
  void whiteoutsThatShareAnInodeAreNoHardLinks() {
    var changes = new LayerChanges();
    for (var name : new String[] {"a", "b"}) {
      var entry = new UpperEntry(name, true, false, false, new FileId(1, 5), 2);
      assertThat(changes.of(entry)).containsExactly(new Change.Whiteout(".wh." + name));
    }
  }

  @Test
  void everyFileIsPutOnceAndLinkedToThat() {
    var random = new Random(3);
    var changes = new LayerChanges();
    var content = new HashMap<String, Long>();
    var put = new HashSet<Long>();
    for (var i = 0; i < 1000; i++) {
      var inode = random.nextInt(100);
      var change = changes.of(file("f" + i, inode, 2)).getFirst();
      switch (change) {
        case Change.Put(var path) -> {
          assertThat(put.add((long) inode)).isTrue();
          content.put(path, (long) inode);
        }
        case Change.Link(var _, var target) -> assertThat(content.get(target)).isEqualTo(inode);
        case Change.Whiteout _, Change.Opaque _ -> throw new AssertionError(change);
      }
    }
  }

  @Test
  void filesOfTwoDevicesWithOneNumberAreTwo() {
    var changes = new LayerChanges();
    changes.of(new UpperEntry("a", false, false, false, new FileId(1, 9), 2));

    assertThat(changes.of(new UpperEntry("b", false, false, false, new FileId(2, 9), 2)))
        .containsExactly(new Change.Put("b"));
  }
}
