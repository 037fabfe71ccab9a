package dev.birgus.executor.stage;

import dev.birgus.infra.contracts.Event.StageReady;
import dev.birgus.infra.contracts.Step;
import dev.birgus.infra.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The history of an image as its steps are done (OCI image configuration). */
final class StageHistory {

  private static final String COMMENT = "birgus";

  private final List<Json.Obj> base;
  private final List<Json.Obj> own = new ArrayList<>();

  StageHistory(StageReady job) {
    this.base = Inputs.history(job);
  }

  /** A step is done. */
  void add(Step step, Instant created) {
    own.add(
        Json.Obj.EMPTY
            .with("created", Json.of(created.toString()))
            .with("created_by", Json.of(step.createdBy()))
            .with("comment", Json.of(COMMENT)));
  }

  /**
   * The base's entries and the stage's own.
   *
   * @param withLayer indexes of the steps that gave a layer
   */
  List<Json.Obj> entries(Collection<Integer> withLayer) {
    var entries = new ArrayList<>(base);
    for (var i = 0; i < own.size(); i++) {
      var entry = own.get(i);
      entries.add(withLayer.contains(i) ? entry : entry.with("empty_layer", Json.of(true)));
    }
    return entries;
  }
}
