package dev.birgus.load.chaos;

import dev.birgus.load.chaos.Recipe.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * How much of what, from which seed.
 *
 * @param seed decides what is built, and what happens
 * @param builds how many; nine are one of each kind
 * @param faults how many
 */
record Plan(long seed, int builds, int faults) {

  /** From here on a run is a long one: a broker is gone for a minute, and a fault may be slow. */
  private static final int LONG = 10;

  private static final int LONGEST_LINE = 4;

  Plan {
    if (builds < 1 || faults < 0) {
      throw new IllegalArgumentException(builds + " builds and " + faults + " faults");
    }
  }

  boolean isLong() {
    return faults >= LONG;
  }

  /** For how long a broker cannot be reached that is not restarted. */
  Duration outage() {
    return Duration.ofSeconds(isLong() ? 60 : 8);
  }

  /** What is built, in order. First one of each kind; what belongs together follows each other. */
  List<Recipe> recipes() {
    var random = new Random(seed);
    var kinds = new ArrayList<>(List.of(Kind.values()));
    Collections.shuffle(kinds, random);
    var recipes = new ArrayList<Recipe>();
    kinds.forEach(kind -> add(kind, recipes, random));
    while (recipes.size() < builds) {
      add(kind(random), recipes, random);
    }
    return List.copyOf(recipes.subList(0, builds));
  }

  private static Kind kind(Random random) {
    return switch (random.nextInt(100)) {
      case 0 -> Kind.POISON;
      case 1, 2, 3, 4, 5 -> Kind.LINE;
      case 6, 7, 8, 9, 10 -> Kind.TWIN;
      case 11, 12, 13, 14, 15, 16, 17, 18, 19, 20 -> Kind.CANCELLED;
      case 21, 22, 23, 24, 25, 26, 27, 28, 29, 30 -> Kind.SEVERAL_TAGS;
      case 31, 32, 33, 34, 35, 36, 37 -> Kind.FAILING;
      default -> Kind.PLAIN;
    };
  }

  private void add(Kind kind, List<Recipe> recipes, Random random) {
    var number = recipes.size();
    switch (kind) {
      case LINE -> {
        var more = isLong() ? random.nextInt(LONGEST_LINE - 1) : 0;
        for (var each = 0; each < 2 + more; each++) {
          recipes.add(Recipe.ofLine(number, number + each, random));
        }
      }
      case TWIN -> {
        var first = Recipe.of(kind, number, random);
        recipes.add(first);
        recipes.add(first.twin(number + 1));
      }
      case PLAIN, FAILING, CANCELLED, SEVERAL_TAGS, POISON ->
          recipes.add(Recipe.of(kind, number, random));
    }
  }
}
