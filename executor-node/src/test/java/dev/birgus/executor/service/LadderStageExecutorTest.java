package dev.birgus.executor.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.executor.run.IsolationLadder;
import dev.birgus.executor.run.LadderReport;
import dev.birgus.executor.run.Rung;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.Event.StageReady;
import dev.birgus.infra.contracts.Operation;
import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.infra.contracts.Stage;
import dev.birgus.infra.contracts.StageBase;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.contracts.StageResult;
import dev.birgus.infra.contracts.Step;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.ImageConfig;
import dev.birgus.infra.oci.Platform;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LadderStageExecutorTest {

  private static final LadderReport FOUND = new LadderReport(Optional.of(Rung.CHROOT), List.of());

  private static Optional<String> isolation(LadderReport found, Operation operation)
      throws InterruptedException {
    var step =
        new Step(SourceLocation.ofLine("Dockerfile", 2), "text", "by", Optional.of(operation));
    var stage =
        new Stage(
            new StageId(Digest.sha256(new byte[0])),
            0,
            "stage-0",
            new StageBase.Scratch(),
            List.of(step),
            ImageConfig.scratch(Platform.of("linux", "amd64")));
    var job = new StageReady(new BuildId("b"), 1, stage, Map.of(), BuildOptions.DEFAULT);
    return new LadderStageExecutor(
            (_, _) -> new StageResult(List.of(), List.of()), new Found(found))
        .isolation(job);
  }

  private static Operation run() {
    return new Operation.Run(List.of("true"), Map.of(), "/", "");
  }

  @Test
  void aStageThatRunsCommandsHasTheRungThatWasFound() throws Exception {
    assertThat(isolation(FOUND, run())).contains("chroot");
  }

  @Test
  void aStageThatRunsNoneTriesNoRung() throws Exception {
    assertThat(isolation(FOUND, new Operation.MakeDirectory("/work", ""))).isEmpty();
  }

  @Test
  void whereNoRungWorksNoneIsNamed() throws Exception {
    assertThat(isolation(new LadderReport(Optional.empty(), List.of()), run())).isEmpty();
  }

  /** A machine that has been tried. */
  private record Found(LadderReport report) implements IsolationLadder {
    @Override
    public LadderReport survey() {
      return report;
    }
  }
}
