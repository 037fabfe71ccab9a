package dev.birgus.cli.report;

import dev.birgus.infra.contracts.FileOrigin;
import dev.birgus.infra.contracts.Operation;
import dev.birgus.infra.contracts.Plan;
import dev.birgus.infra.contracts.ResolvedImage;
import dev.birgus.infra.contracts.Stage;
import dev.birgus.infra.contracts.StageBase;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a report says of a stage of a plan. */
record StageView(Plan plan, Stage stage) {

  boolean isTarget() {
    return stage.id().equals(plan.target());
  }

  /** The stages it waits for, in the order of the plan. */
  List<Stage> needs() {
    var needed = stage.needs();
    return plan.stages().stream().filter(one -> needed.contains(one.id())).toList();
  }

  /** The image it is built on, if it is one. */
  Optional<ResolvedImage> baseImage() {
    return stage.base() instanceof StageBase.OfImage base
        ? Optional.of(base.image())
        : Optional.empty();
  }

  /** The stage it is built on, if it is one. */
  Optional<Stage> baseStage() {
    return stage.base() instanceof StageBase.OfStage base
        ? Optional.of(plan.stage(base.stage()))
        : Optional.empty();
  }

  /** The images it copies from, each once. */
  Map<String, ResolvedImage> sourceImages() {
    var images = new LinkedHashMap<String, ResolvedImage>();
    for (var step : stage.steps()) {
      var origin =
          switch (step.operation().orElse(null)) {
            case Operation.Copy copy -> copy.transfer().from();
            case Operation.Add add -> add.transfer().from();
            case null, default -> null;
          };
      if (origin instanceof FileOrigin.FromImage from) {
        images.put(from.image().digest().toString(), from.image());
      }
    }
    return images;
  }
}
