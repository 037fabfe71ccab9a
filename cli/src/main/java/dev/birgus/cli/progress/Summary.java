package dev.birgus.cli.progress;

import dev.birgus.cli.progress.Ending.Cancelled;
import dev.birgus.cli.progress.Ending.Failed;
import dev.birgus.cli.progress.Ending.Succeeded;
import dev.birgus.infra.contracts.Delivery;
import dev.birgus.infra.contracts.Event.BlobPushed.Presence;
import dev.birgus.infra.contracts.Event.TransferProgressed.Transfer;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.SourceLocation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The last lines: what was made and where it is, or what went wrong and what to do. */
final class Summary {

  private static final int OUTPUT_LINES = 20;

  /** How lines begin that tell of other mistakes than the first. */
  private static final String OTHER = "also ";

  private Summary() {}

  /** A line of it. */
  record Line(Severity level, String text) {}

  static List<Line> of(BuildModel model, Ending ending) {
    return switch (ending) {
      case Succeeded success -> success(model, success);
      case Failed(var failure) -> failure(model, failure);
      case Cancelled(var reason) ->
          List.of(new Line(Severity.ERROR, "error building image: cancelled: " + reason));
    };
  }

  private static List<Line> success(BuildModel model, Succeeded success) {
    var lines = new ArrayList<Line>();
    if (model.delivered().keySet().stream().noneMatch(Delivery.ToRegistry.class::isInstance)) {
      info(lines, "Skipping push to container registry due to --no-push flag");
    }
    info(lines, "Built in " + Amounts.time(Duration.between(model.begun(), model.now())));
    for (var stage : model.stages()) {
      var time = Amounts.time(stage.elapsed(model.now()));
      info(lines, entry("stage", stage.name() + ": " + time + ", " + steps(stage.steps().size())));
    }
    cached(model).forEach(text -> info(lines, entry("cached", text)));
    pushed(model).ifPresent(text -> info(lines, entry("pushed", text)));
    images(model).forEach(name -> info(lines, entry("image", name)));
    for (var delivery : model.delivered().keySet()) {
      switch (delivery) {
        case Delivery.ToRegistry _ -> {}
        case Delivery.ToTar(var path) -> info(lines, entry("archive", path));
        case Delivery.ToLayout(var path) -> info(lines, entry("layout", path));
        case Delivery.ToDigestFile _ -> {}
      }
    }
    info(lines, entry("size", Amounts.size(success.size())));
    info(lines, entry("digest", success.manifest().toString()));
    return lines;
  }

  /** The names the image has been given: in registries, or, without a push, in its archive. */
  static List<String> images(BuildModel model) {
    var pushed = new ArrayList<String>();
    for (var delivery : model.delivered().keySet()) {
      if (delivery instanceof Delivery.ToRegistry(_, var written)) {
        pushed.add(written);
      }
    }
    return pushed.isEmpty() ? model.names() : pushed;
  }

  /** How long the image took to its registries when all steps were done. */
  private static Optional<String> pushed(BuildModel model) {
    return model
        .pushTook()
        .map(took -> {
          var early = model.earlyBlobs();
          var before = early == 0 ? "" : ", " + count(early, "blob") + " before it";
          return Amounts.time(took) + " after the last step" + before;
        });
  }

  private static List<String> cached(BuildModel model) {
    var lines = new ArrayList<String>();
    var kept = cachedLayers(model);
    if (!kept.isEmpty()) {
      var bytes = kept.stream().mapToLong(one -> one.total().orElse(one.done())).sum();
      lines.add(count(kept.size(), "layer") + " (" + Amounts.size(bytes) + ") not fetched again");
    }
    var there = model.blobs(Presence.EXISTED) + model.blobs(Presence.MOUNTED);
    if (there > 0) {
      var all = there + model.blobs(Presence.UPLOADED);
      lines.add(there + " of " + count(all, "blob") + " not sent again");
    }
    return lines;
  }

  /** The layers that were there before the build and had not to be fetched. */
  static List<TransferState> cachedLayers(BuildModel model) {
    return model.transfers().stream().filter(one -> one.kind() == Transfer.CACHED).toList();
  }

  private static List<Line> failure(BuildModel model, Failure failure) {
    var lines = new ArrayList<Line>();
    failure.at().ifPresent(place -> error(lines, placed(place, instruction(model, failure))));
    output(model, failure).forEach(line -> error(lines, "  | " + line));
    var last = KanikoWording.errorLine(failure, model.isBuilt());
    if (!last.contains(failure.message())) {
      error(lines, failure.message());
    }
    error(lines, last);
    if (!failure.advice().isEmpty()) {
      error(lines, failure.advice());
    }
    others(failure).forEach(other -> error(lines, other));
    return lines;
  }

  /** The last lines of what failed: its own, or those of the step that was running. */
  static List<String> output(BuildModel model, Failure failure) {
    var output =
        failure.output().isEmpty()
            ? printed(model, failure)
            : failure.output().stream().filter(line -> !line.startsWith(OTHER)).toList();
    return output.subList(Math.max(0, output.size() - OUTPUT_LINES), output.size());
  }

  /** What else is wrong, a line for each. */
  static List<String> others(Failure failure) {
    return failure.output().stream().filter(line -> line.startsWith(OTHER)).toList();
  }

  private static String placed(SourceLocation place, Optional<String> instruction) {
    return place + ":" + instruction.map(text -> " " + text).orElse("");
  }

  private static List<String> printed(BuildModel model, Failure failure) {
    return failure.at().isEmpty()
        ? List.of()
        : model.stages().stream()
            .flatMap(stage -> stage.runningStep().stream())
            .flatMap(step -> step.lastLines().stream())
            .toList();
  }

  /** The step that failed, if the failure is one of a step. */
  static Optional<String> instruction(BuildModel model, Failure failure) {
    for (var stage : model.stages()) {
      for (var step : stage.steps()) {
        if (failure.at().equals(Optional.of(stage.place(step)))) {
          return Optional.of(stage.label(step) + " " + step.text());
        }
      }
    }
    return Optional.empty();
  }

  private static String entry(String name, String text) {
    return "  " + name + " ".repeat(Math.max(1, 9 - name.length())) + text;
  }

  private static String steps(int number) {
    return count(number, "step");
  }

  private static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  private static void info(List<Line> lines, String text) {
    lines.add(new Line(Severity.INFO, text));
  }

  private static void error(List<Line> lines, String text) {
    lines.add(new Line(Severity.ERROR, text));
  }
}
