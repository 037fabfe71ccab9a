package dev.birgus.planner.plan;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Finding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The stages a build needs and what their names stand for. It is drawn again when images have
 * become known, because an image's triggers may name further images and stages.
 *
 * @param stages the needed ones, in the order of the Dockerfile
 * @param target index of the stage that becomes the image; -1 if it is not known
 * @param globals the values of the arguments before the first FROM, platform arguments included
 * @param failures what makes the build impossible; the stages are incomplete if there are any
 */
public record Outline(
    List<StageOutline> stages,
    int target,
    Map<String, String> globals,
    List<Failure> failures,
    List<Finding> warnings) {

  public Outline {
    stages = List.copyOf(stages);
    globals = Map.copyOf(globals);
    failures = List.copyOf(failures);
    warnings = List.copyOf(warnings);
  }

  /** The images that have to be known, each once. */
  public List<ImageWish> wishes() {
    var wishes = new LinkedHashMap<ImageWish.Key, ImageWish>();
    for (var stage : stages) {
      if (stage.base() instanceof Reference.ToImage(var wish)) {
        wishes.putIfAbsent(wish.key(), wish);
      }
      for (var item : stage.items()) {
        if (item.from().orElse(null) instanceof Reference.ToImage(var wish)) {
          wishes.putIfAbsent(wish.key(), wish);
        }
      }
    }
    return List.copyOf(wishes.values());
  }
}
