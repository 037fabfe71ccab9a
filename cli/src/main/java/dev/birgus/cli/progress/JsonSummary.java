package dev.birgus.cli.progress;

import dev.birgus.cli.progress.Ending.Cancelled;
import dev.birgus.cli.progress.Ending.Failed;
import dev.birgus.cli.progress.Ending.Succeeded;
import dev.birgus.infra.contracts.Delivery;
import dev.birgus.infra.contracts.Event.BlobPushed.Presence;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.json.Json;
import java.time.Duration;
import java.util.ArrayList;

/**
 * The last line of a build for programs: one object with everything the {@link Summary} tells a
 * person. Sizes are bytes, times milliseconds.
 */
final class JsonSummary {

  private JsonSummary() {}

  /** The members beside level, time and message. */
  static Json.Obj of(BuildModel model, Ending ending) {
    return switch (ending) {
      case Succeeded success -> success(model, success);
      case Failed(var failure) -> failure(model, failure);
      case Cancelled(var reason) -> Json.Obj.EMPTY.with("cancelled", Json.of(reason));
    };
  }

  /** The message of that line. */
  static String message(BuildModel model, Ending ending) {
    return switch (ending) {
      case Succeeded _ -> "Built";
      case Failed(var failure) -> KanikoWording.errorLine(failure, model.isBuilt());
      case Cancelled(var reason) -> "error building image: cancelled: " + reason;
    };
  }

  private static Json.Obj success(BuildModel model, Succeeded success) {
    var archives = new ArrayList<String>();
    var layouts = new ArrayList<String>();
    for (var delivery : model.delivered().keySet()) {
      switch (delivery) {
        case Delivery.ToTar(var path) -> archives.add(path);
        case Delivery.ToLayout(var path) -> layouts.add(path);
        case Delivery.ToRegistry _, Delivery.ToDigestFile _ -> {}
      }
    }
    var stages = new ArrayList<Json>();
    for (var stage : model.stages()) {
      stages.add(
          Json.Obj.EMPTY
              .with("name", Json.of(stage.name()))
              .with("steps", Json.of(stage.steps().size()))
              .with("duration_ms", Json.of(stage.elapsed(model.now()).toMillis())));
    }
    var json =
        Json.Obj.EMPTY
            .with("images", Json.ofStrings(Summary.images(model)))
            .with("archives", Json.ofStrings(archives))
            .with("layouts", Json.ofStrings(layouts))
            .with("digest", Json.of(success.manifest().toString()))
            .with("size", Json.of(success.size()))
            .with("duration_ms", Json.of(Duration.between(model.begun(), model.now()).toMillis()))
            .with("stages", new Json.Arr(stages))
            .with("cached_layers", Json.of(Summary.cachedLayers(model).size()))
            .with("blobs_existing", Json.of(model.blobs(Presence.EXISTED)))
            .with("blobs_mounted", Json.of(model.blobs(Presence.MOUNTED)))
            .with("blobs_uploaded", Json.of(model.blobs(Presence.UPLOADED)))
            .with("blobs_early", Json.of(model.earlyBlobs()));
    var push = model.pushTook();
    return push.isPresent() ? json.with("push_ms", Json.of(push.get().toMillis())) : json;
  }

  private static Json.Obj failure(BuildModel model, Failure failure) {
    var json =
        Json.Obj.EMPTY
            .with("code", Json.of(failure.name()))
            .with("error", Json.of(failure.message()))
            .with("advice", Json.of(failure.advice()))
            .with("exit_code", Json.of(failure.exitCode()));
    if (failure.at().isPresent()) {
      var place = failure.at().get();
      json = json.with("file", Json.of(place.file())).with("line", Json.of(place.line()));
    }
    var instruction = Summary.instruction(model, failure);
    if (instruction.isPresent()) {
      json = json.with("instruction", Json.of(instruction.get()));
    }
    return json.with("output", Json.ofStrings(Summary.output(model, failure)))
        .with("also", Json.ofStrings(Summary.others(failure)));
  }
}
