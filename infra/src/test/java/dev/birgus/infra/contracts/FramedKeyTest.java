package dev.birgus.infra.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.oci.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class FramedKeyTest {

  private static Digest key(List<String> parts) {
    var key = new FramedKey("test 1");
    parts.forEach(key::add);
    return key.finish();
  }

  @Test
  void differentPartsNeverGiveTheSameKey() {
    // given many short sequences over a small alphabet, which often join to the same text
    var random = new Random(11);
    var alphabet = List.of("", "a", "b", "aa", "ab", "\0", "\0\0\0\0\0\0\0\1a", "1");
    var seen = new HashMap<Digest, List<String>>();

    for (var i = 0; i < 20_000; i++) {
      var parts = new ArrayList<String>();
      for (var n = random.nextInt(6); n > 0; n--) {
        parts.add(alphabet.get(random.nextInt(alphabet.size())));
      }

      // when
      var earlier = seen.putIfAbsent(key(parts), parts);

      // then
      assertThat(earlier == null || earlier.equals(parts)).as("%s and %s", earlier, parts).isTrue();
    }
  }

  @Test
  void theKindIsPartOfTheKey() {
    assertThat(new FramedKey("a").finish()).isNotEqualTo(new FramedKey("b").finish());
  }

  @Test
  void aListIsOtherThanItsParts() {
    assertThat(new FramedKey("k").addAll(List.of("a", "b")).addAll(List.of()).finish())
        .isNotEqualTo(new FramedKey("k").addAll(List.of("a")).addAll(List.of("b")).finish());
  }
}
