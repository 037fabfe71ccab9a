package dev.birgus.cli.report;

import static java.util.Objects.requireNonNull;

import dev.birgus.cli.flags.BuildCommand;
import dev.birgus.infra.contracts.BuildRequest;
import dev.birgus.infra.contracts.Finding;
import dev.birgus.planner.service.Preview;
import java.util.List;

/**
 * A plan as it is printed.
 *
 * @param output where the image would go
 */
public record PlanReport(BuildRequest request, Preview preview, BuildCommand.Output output) {

  public PlanReport {
    requireNonNull(request, "request");
    requireNonNull(preview, "preview");
    requireNonNull(output, "output");
  }

  List<StageView> stages() {
    var plan = preview.plan();
    return plan.stages().stream().map(stage -> new StageView(plan, stage)).toList();
  }

  List<Finding> warnings() {
    return preview.plan().warnings();
  }

  static String reason(Preview.Reason reason) {
    return switch (reason) {
      case NOT_NEEDED -> "not-needed";
      case SAME_AS_ANOTHER -> "same-as-another";
    };
  }
}
