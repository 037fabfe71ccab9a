package dev.birgus.executor.stage;

import dev.birgus.infra.contracts.Event.StageReady;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.contracts.StageBase;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.contracts.StageResult;
import dev.birgus.infra.json.Json;
import java.util.List;

/** What a stage is given by others. */
final class Inputs {

  private Inputs() {}

  /** The result of a stage that this one needs. */
  static StageResult of(StageReady job, StageId stage) {
    var result = job.inputs().get(stage);
    if (result == null) {
      throw new IllegalArgumentException("the stage was not given the result of " + stage);
    }
    return result;
  }

  /** The layers the stage is built on, lowest first. */
  static List<Layer> layers(StageReady job) {
    return switch (job.stage().base()) {
      case StageBase.Scratch() -> List.of();
      case StageBase.OfImage(var image) -> image.layers();
      case StageBase.OfStage(var parent) -> of(job, parent).layers();
    };
  }

  /** The history of what the stage is built on. */
  static List<Json.Obj> history(StageReady job) {
    return switch (job.stage().base()) {
      case StageBase.Scratch() -> List.of();
      case StageBase.OfImage(var image) -> image.config().history();
      case StageBase.OfStage(var parent) -> of(job, parent).history();
    };
  }
}
