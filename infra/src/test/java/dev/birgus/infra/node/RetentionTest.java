package dev.birgus.infra.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetentionTest {

  private static Kept kept(String name, long size, long used, boolean expendable) {
    return new Kept("blob", name, size, Instant.ofEpochSecond(used), expendable);
  }

  private static final Kept OLD = kept("old", 10, 1, false);
  private static final Kept NEW = kept("new", 10, 9, false);
  private static final Kept MADE = kept("made", 10, 5, true);
  private static final List<Kept> ALL = List.of(NEW, OLD, MADE);

  private static Retention retention(boolean everything, boolean expendable, long since) {
    return new Retention(
        everything,
        expendable,
        since > 0 ? Optional.of(Instant.ofEpochSecond(since)) : Optional.empty(),
        OptionalLong.empty());
  }

  @Test
  void whatWasOnlyNeededOnceGoesFirstAndThenWhatWasUsedLongestAgo() {
    assertThat(Retention.upTo(30).superfluous(ALL, _ -> false)).isEmpty();
    assertThat(Retention.upTo(29).superfluous(ALL, _ -> false)).containsExactly(MADE);
    assertThat(Retention.upTo(19).superfluous(ALL, _ -> false)).containsExactly(MADE, OLD);
    assertThat(Retention.upTo(0).superfluous(ALL, _ -> false)).containsExactly(MADE, OLD, NEW);
  }

  @Test
  void whatIsInUseStaysAndCounts() {
    assertThat(Retention.upTo(10).superfluous(ALL, OLD::equals)).containsExactly(MADE, NEW);
    assertThat(retention(true, false, 0).superfluous(ALL, _ -> true)).isEmpty();
  }

  @Test
  void eachWishAddsToWhatGoes() {
    assertThat(retention(true, false, 0).superfluous(ALL, _ -> false)).hasSize(3);
    assertThat(retention(false, true, 0).superfluous(ALL, _ -> false)).containsExactly(MADE);
    assertThat(retention(false, false, 5).superfluous(ALL, _ -> false)).containsExactly(OLD);
    assertThat(retention(false, true, 5).superfluous(ALL, _ -> false)).containsExactly(MADE, OLD);
    assertThat(retention(false, false, 0).superfluous(ALL, _ -> false)).isEmpty();
  }

  /** No more than needed: putting back the last one chosen would be too much. */
  @Test
  void whatIsLeftFitsAndNoMoreGoesThanHasTo() {
    var random = new Random(7);
    for (var round = 0; round < 200; round++) {
      var all = new ArrayList<Kept>();
      for (var i = 0; i < 20; i++) {
        all.add(kept("k" + i, random.nextInt(100), random.nextInt(50), random.nextBoolean()));
      }
      var limit = random.nextInt(1200);

      var gone = Retention.upTo(limit).superfluous(all, _ -> false);

      var left = all.stream().filter(each -> !gone.contains(each)).mapToLong(Kept::size).sum();
      assertThat(left).isLessThanOrEqualTo(limit);
      if (!gone.isEmpty()) {
        assertThat(left + gone.getLast().size()).isGreaterThan(limit);
      }
    }
  }

  @Test
  void aNegativeLimitIsRefused() {
    assertThatThrownBy(() -> Retention.upTo(-1)).hasMessageContaining("-1");
  }
}
