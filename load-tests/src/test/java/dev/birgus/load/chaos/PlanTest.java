package dev.birgus.load.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.load.chaos.Recipe.Kind;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

/** What is built, and what happens. */
class PlanTest {

  @Test
  void nineBuildsAreOneOfEachKind() {
    var recipes = new Plan(1, 9, 4).recipes();

    assertThat(recipes).hasSize(9);
    assertThat(recipes).extracting(Recipe::kind).containsAll(EnumSet.allOf(Kind.class));
    assertThat(recipes).extracting(Recipe::name).doesNotHaveDuplicates();
  }

  @Test
  void aSeedDecidesAll() {
    var plan = new Plan(7, 60, 30);

    assertThat(plan.recipes()).hasSize(60).isEqualTo(new Plan(7, 60, 30).recipes());
    assertThat(plan.recipes()).isNotEqualTo(new Plan(8, 60, 30).recipes());
    assertThat(Fault.deck(plan)).hasSize(30).isEqualTo(Fault.deck(new Plan(7, 60, 30)));
  }

  @Test
  void aLongRunHasEveryFaultAndAShortOneNoneTwice() {
    assertThat(Fault.deck(new Plan(1, 100, 25))).containsAll(EnumSet.allOf(Fault.class));
    assertThat(Fault.deck(new Plan(1, 9, 4))).doesNotHaveDuplicates();
  }
}
