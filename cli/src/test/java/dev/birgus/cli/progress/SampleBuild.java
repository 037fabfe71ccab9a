package dev.birgus.cli.progress;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Delivery;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Finding;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.contracts.Operation;
import dev.birgus.infra.contracts.Plan;
import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.infra.contracts.Stage;
import dev.birgus.infra.contracts.StageBase;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.contracts.StageResult;
import dev.birgus.infra.contracts.Step;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.ImageConfig;
import dev.birgus.infra.oci.ImageReference;
import dev.birgus.infra.oci.MediaType;
import dev.birgus.infra.oci.Platform;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** The events of a build with two stages. */
final class SampleBuild {

  static final Instant BEGUN = Instant.parse("2026-01-02T03:04:05Z");
  static final BuildId BUILD = new BuildId("b1");
  static final StageId COMPILE = stageId("compile");
  static final StageId FINAL = stageId("final");
  static final Digest MANIFEST = digest("manifest");
  static final Delivery.ToRegistry PUSH =
      new Delivery.ToRegistry(ImageReference.parse("example.com/app:1"), "example.com/app:1");

  private SampleBuild() {}

  static Digest digest(String text) {
    return Digest.sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  static StageId stageId(String text) {
    return new StageId(digest(text));
  }

  static Event.BuildPlanned planned() {
    var compile =
        stage(
            COMPILE, 0, "compile", new StageBase.Scratch(), "RUN make \\\n    all", "RUN strip a");
    var last = stage(FINAL, 1, "final", new StageBase.OfStage(COMPILE), "COPY --from=compile a b");
    var finding =
        new Finding("odd-case", "FROM and as differ", Optional.of(SourceLocation.ofLine("D", 1)));
    return new Event.BuildPlanned(
        BUILD, new Plan(List.of(compile, last), FINAL, List.of(finding), Optional.empty()));
  }

  private static Stage stage(
      StageId id, int index, String name, StageBase base, String... instructions) {
    var steps =
        IntStream.range(0, instructions.length)
            .mapToObj(i ->
                new Step(
                    SourceLocation.ofLine("Dockerfile", 10 * index + i + 2),
                    instructions[i],
                    instructions[i],
                    operation(instructions[i])))
            .toList();
    var config = ImageConfig.scratch(Platform.of("linux", "amd64"));
    return new Stage(id, index, name, base, steps, config);
  }

  private static Optional<Operation> operation(String instruction) {
    return instruction.startsWith("ENV")
        ? Optional.empty()
        : Optional.of(new Operation.Run(List.of(instruction), Map.of(), "/", ""));
  }

  static Event isolated(StageId stage, String rung) {
    return new Event.StageStarted(BUILD, stage, 1, "node", 1, Optional.of(rung));
  }

  static Event started(StageId stage, int step) {
    return new Event.StepStarted(BUILD, stage, step);
  }

  static Event printed(StageId stage, int step, String text) {
    return new Event.LogChunk(BUILD, stage, step, false, text);
  }

  static Event complained(StageId stage, int step, String text) {
    return new Event.LogChunk(BUILD, stage, step, true, text);
  }

  static Event finished(StageId stage, int step) {
    return new Event.StepFinished(BUILD, stage, step, Duration.ofMillis(1500));
  }

  static Event finished(StageId stage) {
    return new Event.StageFinished(BUILD, stage, 1, new StageResult(List.of(), List.of()));
  }

  static Event sealed(StageId stage, int step, String layer) {
    var blob = Descriptor.of(MediaType.OCI_LAYER_GZIP, digest(layer), 10);
    var made = new Layer(blob, digest(layer + " unpacked"), Optional.empty());
    return new Event.LayerSealed(BUILD, stage, 1, step, made);
  }

  static Event moved(
      Event.TransferProgressed.Transfer kind, String name, long done, Optional<Long> total) {
    return new Event.TransferProgressed(BUILD, kind, name, done, total);
  }

  static Event pushed(Event.BlobPushed.Presence how, String blob) {
    var descriptor = Descriptor.of(MediaType.OCI_LAYER_GZIP, digest(blob), 10);
    return new Event.BlobPushed(BUILD, PUSH, descriptor, how);
  }

  static Event delivered(Delivery delivery) {
    return new Event.DeliveryFinished(BUILD, delivery, MANIFEST);
  }

  static Event succeeded() {
    return new Event.BuildSucceeded(BUILD, MANIFEST, 12_345_678);
  }

  static Event failed(Failure failure) {
    return new Event.BuildFailed(BUILD, failure);
  }
}
