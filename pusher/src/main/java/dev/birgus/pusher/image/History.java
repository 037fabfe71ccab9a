package dev.birgus.pusher.image;

import dev.birgus.infra.contracts.StageResult;
import dev.birgus.infra.json.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Keeps an image's history in step with its layers: readers pair the entries that are not {@code
 * empty_layer} with the layers, in order.
 */
final class History {

  private static final String EMPTY_LAYER = "empty_layer";
  private static final Json.Obj UNRECORDED =
      Json.Obj.EMPTY.with("comment", Json.of("the base image does not say how it was made"));

  private History() {}

  /**
   * The history with one entry per layer. What is missing or too much is put down to the base
   * image, whose history may be incomplete or absent, so it is mended at the old end.
   *
   * @throws IllegalArgumentException if the base image's layers cannot explain the difference
   */
  static List<Json.Obj> fitting(StageResult result) {
    var layers = result.layers().size();
    var base = (int) result.layers().stream().takeWhile(l -> l.source().isPresent()).count();
    var recorded = (int) result.history().stream().filter(entry -> !isEmpty(entry)).count();
    var missing = layers - recorded;
    if (missing > base || (missing < 0 && base == 0)) {
      throw new IllegalArgumentException(
          "the image has " + layers + " layers but history for " + recorded);
    }
    if (missing < 0) {
      return withoutLayers(result.history(), -missing);
    }
    var fitting = new ArrayList<>(Collections.nCopies(missing, UNRECORDED));
    fitting.addAll(result.history());
    return fitting;
  }

  private static List<Json.Obj> withoutLayers(List<Json.Obj> history, int surplus) {
    var fitting = new ArrayList<Json.Obj>();
    var left = surplus;
    for (var entry : history) {
      if (left > 0 && !isEmpty(entry)) {
        fitting.add(entry.with(EMPTY_LAYER, Json.of(true)));
        left--;
      } else {
        fitting.add(entry);
      }
    }
    return fitting;
  }

  private static boolean isEmpty(Json.Obj entry) {
    return entry.get(EMPTY_LAYER).filter(Json.of(true)::equals).isPresent();
  }
}
