package dev.birgus.load.chaos;

import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Compares how builds have ended, and what is in the registry, with how it has to be. */
final class Judge {

  /** How a build ends whose stage ends every node, says a desk or the last node that is left. */
  private static final Set<String> POISONED = Set.of("stage-ends-nodes", "stage-given-up");

  /**
   * Four that were counted, and then eight, after which nodes give a job up by themselves: planners
   * may be away.
   */
  private static final int MOST_STARTS = 12;

  private final Witness witness;
  private final Verdict verdict;
  private final Map<String, Accepted> newest = new HashMap<>();
  private final Map<String, String> twins = new HashMap<>();
  private final List<String> lost = new ArrayList<>();
  private final List<String> doubled = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();

  /** A build that was accepted, and the name it was given. */
  record Accepted(Recipe recipe, String build) {
    @Override
    public String toString() {
      return recipe.kind() + " " + recipe.name() + " (" + build + ")";
    }
  }

  /**
   * Over these builds.
   *
   * @param accepted in the order in which they were
   */
  Judge(Witness witness, Verdict verdict, List<Accepted> accepted)
      throws IOException, InterruptedException {
    this.witness = witness;
    this.verdict = verdict;
    accepted.forEach(each -> newest.put(each.recipe().group(), each));
    for (var each : accepted) {
      judge(each);
    }
    witness.troubles().forEach((trouble, times) -> wrong.add(trouble + " (" + times + ")"));
  }

  List<String> lost() {
    return lost;
  }

  List<String> doubled() {
    return doubled;
  }

  List<String> wrong() {
    return wrong;
  }

  private void judge(Accepted each) throws IOException, InterruptedException {
    var ends = witness.ends(each.build());
    if (ends.isEmpty()) {
      lost.add(each + ", of which was heard last:\n    " + witness.last(each.build()));
    } else if (ends.size() > 1) {
      doubled.add(each + " " + ends);
    } else {
      complaint(each, ends.getFirst())
          .ifPresent(what ->
              wrong.add(each + ": " + what + "; heard last:\n    " + witness.last(each.build())));
    }
  }

  private Optional<String> complaint(Accepted each, Event end)
      throws IOException, InterruptedException {
    var recipe = each.recipe();
    return switch (recipe.kind()) {
      case PLAIN, SEVERAL_TAGS -> succeeded(recipe, end);
      case TWIN -> succeeded(recipe, end).or(() -> unlikeTwin(recipe, end));
      case FAILING -> failed(recipe, end, Set.of(Failure.COMMAND_FAILED));
      case POISON -> failed(recipe, end, POISONED).or(() -> tooOften(each));
      case CANCELLED ->
          end instanceof Event.BuildCancelled ? untagged(recipe) : succeeded(recipe, end);
      case LINE -> ofLine(each, end);
    };
  }

  private Optional<String> succeeded(Recipe recipe, Event end)
      throws IOException, InterruptedException {
    if (!(end instanceof Event.BuildSucceeded(_, var manifest, _))) {
      return Optional.of("should have succeeded: " + end);
    }
    for (var destination : recipe.destinations()) {
      var found = verdict.wrong(destination, manifest.toString(), recipe.result());
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private Optional<String> unlikeTwin(Recipe recipe, Event end) {
    var digest = end instanceof Event.BuildSucceeded ok ? ok.manifest().toString() : "";
    var other = twins.putIfAbsent(recipe.group(), digest);
    return other == null || other.equals(digest)
        ? Optional.empty()
        : Optional.of("is " + digest + ", and its twin " + other);
  }

  private Optional<String> failed(Recipe recipe, Event end, Set<String> names)
      throws IOException, InterruptedException {
    return end instanceof Event.BuildFailed(_, var failure) && names.contains(failure.name())
        ? untagged(recipe)
        : Optional.of("should have failed with one of " + names + ": " + end);
  }

  private Optional<String> tooOften(Accepted each) {
    var starts = witness.starts(each.build()).size();
    return starts <= MOST_STARTS
        ? Optional.empty()
        : Optional.of("its stage was begun " + starts + " times");
  }

  private Optional<String> untagged(Recipe recipe) throws IOException, InterruptedException {
    return verdict
        .tagged(recipe.destinations())
        .map(tag -> "has not succeeded, and has an image at " + tag);
  }

  /** The tag is that of the newest build, whichever ended last. */
  private Optional<String> ofLine(Accepted each, Event end)
      throws IOException, InterruptedException {
    var recipe = each.recipe();
    if (each.equals(newest.get(recipe.group()))) {
      return succeeded(recipe, end);
    }
    return switch (end) {
      case Event.BuildSucceeded(_, var manifest, _) ->
          verdict.wrongBehind(
              recipe.destinations().getFirst(), manifest.toString(), recipe.result());
      case Event.BuildCancelled(_, var reason) when reason.startsWith("superseded") ->
          Optional.empty();
      default -> Optional.of("should have been superseded: " + end);
    };
  }
}
