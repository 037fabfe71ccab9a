package dev.birgus.planner.flow;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Stage;
import java.util.Optional;

/** Where a failure of a stage is in the Dockerfile of another build that has an equal stage. */
final class Places {

  private Places() {}

  /**
   * The failure for a build whose stage this is; its steps are the same, their lines need not be.
   */
  static Failure moved(Failure failure, Stage ran, Stage stage) {
    var at = failure.at();
    if (at.isEmpty() || ran.steps().size() != stage.steps().size()) {
      return failure;
    }
    for (var step = 0; step < ran.steps().size(); step++) {
      if (ran.steps().get(step).at().equals(at.get())) {
        var bare =
            new Failure(
                failure.name(),
                failure.message(),
                failure.advice(),
                Optional.empty(),
                failure.exitCode(),
                failure.output());
        return bare.in(stage.steps().get(step).at());
      }
    }
    return failure;
  }
}
