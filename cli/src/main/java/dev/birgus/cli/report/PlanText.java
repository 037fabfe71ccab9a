package dev.birgus.cli.report;

import dev.birgus.cli.progress.Printable;
import dev.birgus.infra.contracts.ResolvedImage;
import dev.birgus.infra.contracts.Stage;
import dev.birgus.planner.service.Preview;
import java.util.stream.Collectors;

/** A plan for people. */
public final class PlanText {

  private final PlanReport report;
  private final StringBuilder text = new StringBuilder();

  private PlanText(PlanReport report) {
    this.report = report;
  }

  /** The plan. */
  public static String of(PlanReport report) {
    return new PlanText(report).write();
  }

  private String write() {
    var request = report.request();
    line("Plan of " + request.dockerfile().name() + " for " + request.platform());
    report.stages().forEach(this::stage);
    leftOut();
    warnings();
    deliveries();
    line("");
    line("Nothing was built.");
    return text.toString();
  }

  private void stage(StageView view) {
    var stage = view.stage();
    line("");
    line(
        "Stage "
            + title(stage)
            + " ("
            + report.preview().places().get(stage.index())
            + ")"
            + (view.isTarget() ? ", the target" : ""));
    line("  id     " + stage.id());
    line("  base   " + base(view));
    view.sourceImages().values().forEach(image -> line("  copies " + image(image)));
    line("  needs  " + needs(view));
    var number = 0;
    for (var step : stage.steps()) {
      number++;
      line("  " + number + "  " + step.at() + "  " + oneLine(step.text()));
    }
  }

  private static String title(Stage stage) {
    return stage.index() + " " + stage.name();
  }

  private static String base(StageView view) {
    return view.baseImage()
        .map(PlanText::image)
        .or(() -> view.baseStage().map(parent -> "stage " + title(parent)))
        .orElse("scratch");
  }

  private static String image(ResolvedImage image) {
    var name = image.name();
    return name.contains("@") ? name : name + "@" + image.digest();
  }

  private static String needs(StageView view) {
    var needed = view.needs();
    return needed.isEmpty()
        ? "no other stage"
        : needed.stream().map(stage -> "stage " + title(stage)).collect(Collectors.joining(", "));
  }

  private static String oneLine(String instruction) {
    return Printable.of(instruction.replace('\n', ' '));
  }

  private void leftOut() {
    if (report.preview().leftOut().isEmpty()) {
      return;
    }
    line("");
    line("Left out");
    for (var stage : report.preview().leftOut()) {
      line("  " + stage.index() + " " + stage.name() + " (" + stage.at() + "): " + why(stage));
    }
  }

  private static String why(Preview.LeftOut stage) {
    return switch (stage.reason()) {
      case NOT_NEEDED -> "the target does not need it";
      case SAME_AS_ANOTHER -> "another stage does the same";
    };
  }

  private void warnings() {
    if (report.warnings().isEmpty()) {
      return;
    }
    line("");
    line("Warnings");
    for (var finding : report.warnings()) {
      var place = finding.at().map(at -> at + ": ").orElse("");
      line("  " + place + finding.message() + " (" + finding.name() + ")");
    }
  }

  private void deliveries() {
    line("");
    line("Delivered to");
    var places = Deliveries.of(report.output());
    places.forEach(place -> line("  " + place.kind() + " " + place.to()));
    if (places.isEmpty()) {
      line("  nowhere: there is no --destination, --tar-path or --oci-layout-path");
    }
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
