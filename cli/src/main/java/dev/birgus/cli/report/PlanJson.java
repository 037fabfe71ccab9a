package dev.birgus.cli.report;

import dev.birgus.infra.contracts.ResolvedImage;
import dev.birgus.infra.contracts.Stage;
import dev.birgus.infra.contracts.Step;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonText;
import dev.birgus.planner.service.Preview;
import java.util.List;
import java.util.Optional;

/** A plan for programs: one object on one line. */
public final class PlanJson {

  private PlanJson() {}

  /** The plan. */
  public static String of(PlanReport report) {
    var request = report.request();
    var json =
        Json.Obj.EMPTY
            .with("file", Json.of(request.dockerfile().name()))
            .with("platform", Json.of(request.platform().toString()))
            .with("target", Json.of(report.preview().plan().target().toString()))
            .with("stages", array(report.stages().stream().map(one -> stage(report, one)).toList()))
            .with(
                "leftOut",
                array(report.preview().leftOut().stream().map(PlanJson::leftOut).toList()))
            .with("warnings", CheckJson.findings(report.warnings()))
            .with(
                "deliveries",
                array(Deliveries.of(report.output()).stream().map(PlanJson::delivery).toList()));
    return JsonText.text(json) + "\n";
  }

  private static Json array(List<Json> items) {
    return new Json.Arr(items);
  }

  private static Json stage(PlanReport report, StageView view) {
    var stage = view.stage();
    var json =
        Json.Obj.EMPTY
            .with("id", Json.of(stage.id().toString()))
            .with("index", Json.of(stage.index()))
            .with("name", Json.of(stage.name()));
    return CheckJson.placed(json, Optional.of(report.preview().places().get(stage.index())))
        .with("base", base(view))
        .with("needs", Json.ofStrings(view.needs().stream().map(one -> "" + one.id()).toList()))
        .with("copies", array(view.sourceImages().values().stream().map(PlanJson::image).toList()))
        .with("steps", array(stage.steps().stream().map(PlanJson::step).toList()));
  }

  private static Json base(StageView view) {
    return view.baseImage()
        .map(PlanJson::image)
        .or(() -> view.baseStage().map(PlanJson::parent))
        .orElse(Json.Obj.EMPTY.with("kind", Json.of("scratch")));
  }

  private static Json parent(Stage stage) {
    return Json.Obj.EMPTY
        .with("kind", Json.of("stage"))
        .with("name", Json.of(stage.name()))
        .with("id", Json.of(stage.id().toString()));
  }

  private static Json image(ResolvedImage image) {
    return Json.Obj.EMPTY
        .with("kind", Json.of("image"))
        .with("name", Json.of(image.name()))
        .with("digest", Json.of(image.digest().toString()));
  }

  private static Json step(Step step) {
    return CheckJson.placed(Json.Obj.EMPTY, Optional.of(step.at()))
        .with("text", Json.of(step.text()))
        .with("createdBy", Json.of(step.createdBy()))
        .with("changesFiles", Json.of(step.operation().isPresent()));
  }

  private static Json leftOut(Preview.LeftOut stage) {
    var json =
        Json.Obj.EMPTY
            .with("index", Json.of(stage.index()))
            .with("name", Json.of(stage.name()))
            .with("reason", Json.of(PlanReport.reason(stage.reason())));
    return CheckJson.placed(json, Optional.of(stage.at()));
  }

  private static Json delivery(Deliveries.Place place) {
    return Json.Obj.EMPTY.with("kind", Json.of(place.kind())).with("to", Json.of(place.to()));
  }
}
