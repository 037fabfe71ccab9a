package dev.birgus.load.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What came of a run.
 *
 * @param recipes of the builds that were accepted
 * @param lost builds without an end
 * @param doubled builds with several
 * @param wrong builds with an end that is not theirs, and all else that should not have happened
 * @param restarts how often a stage was begun again, because of whatever happened to its node
 * @param most how often one was begun at most that is no poison
 * @param endings how often servers ended that nobody had told to, and were started again
 */
record Score(
    List<Recipe> recipes,
    List<Faults.Done> faults,
    List<String> lost,
    List<String> doubled,
    List<String> wrong,
    int restarts,
    int most,
    int endings,
    Duration took) {

  Score {
    recipes = List.copyOf(recipes);
    faults = List.copyOf(faults);
    lost = List.copyOf(lost);
    doubled = List.copyOf(doubled);
    wrong = List.copyOf(wrong);
  }

  boolean isClean() {
    return lost.isEmpty() && doubled.isEmpty() && wrong.isEmpty();
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    text.append("builds ").append(recipes.size());
    text.append(", faults ").append(faults.size());
    text.append(", lost ").append(lost.size());
    text.append(", doubled ").append(doubled.size());
    text.append(", wrong ").append(wrong.size());
    text.append("; ").append(took.toSeconds()).append(" s, ");
    text.append(restarts).append(" stages begun again, none more than ");
    text.append(most).append(" times, ");
    text.append(endings).append(" servers ended by themselves");
    text.append("\n  builds: ").append(counted(recipes, each -> each.kind().toString()));
    text.append("\n  faults: ").append(counted(faults, each -> each.fault().words()));
    if (!isClean()) {
      append(text, "lost", lost);
      append(text, "doubled", doubled);
      append(text, "wrong", wrong);
      append(text, "faults", faults.stream().map(Faults.Done::toString).toList());
    }
    return text.toString();
  }

  private static void append(StringBuilder text, String name, List<String> entries) {
    entries.forEach(each -> text.append("\n  ").append(name).append(": ").append(each));
  }

  private static <E> Map<String, Long> counted(List<E> all, Function<E, String> kind) {
    return all.stream().collect(Collectors.groupingBy(kind, TreeMap::new, Collectors.counting()));
  }
}
