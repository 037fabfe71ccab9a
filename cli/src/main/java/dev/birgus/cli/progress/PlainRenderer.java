package dev.birgus.cli.progress;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Delivery;
import dev.birgus.infra.contracts.Event.TransferProgressed.Transfer;
import dev.birgus.infra.contracts.Finding;
import dev.birgus.infra.observe.LogKeys;
import dev.birgus.infra.oci.Digest;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Shows a build line after line. What steps print goes where they printed it, to standard output or
 * standard error; everything else goes to standard error, as in kaniko.
 */
final class PlainRenderer implements Renderer {

  private final ViewSettings settings;
  private final LineStyle style;
  private final Screen screen;
  private final BuildModel model;

  PlainRenderer(ViewSettings settings, Screen screen, BuildModel model) {
    this.settings = settings;
    this.style = new LineStyle(settings);
    this.screen = screen;
    this.model = model;
  }

  @Override
  public void warning(Finding finding) {
    say(Severity.WARN, "warning: " + described(finding), context(finding));
  }

  @Override
  public void nodesAwaited(String pool, boolean over) {
    say(over ? Severity.INFO : Severity.WARN, told(pool, over), Map.of(LogKeys.POOL, pool));
  }

  static String told(String pool, boolean over) {
    return over
        ? "a node of the pool " + pool + " takes stages"
        : "warning: the build waits for nodes: none of the pool " + pool + " takes stages";
  }

  @Override
  public void stageStarted(StageState stage) {
    say(
        Severity.INFO,
        "[" + stage.name() + "] on " + stage.base(),
        Map.of(LogKeys.STAGE, stage.name()));
    stage
        .isolation()
        .ifPresent(rung ->
            say(
                Severity.DEBUG,
                "[" + stage.name() + "] runs commands on the rung " + rung + " of isolation",
                Map.of(LogKeys.STAGE, stage.name(), LogKeys.ISOLATION, rung)));
  }

  @Override
  public void stageShared(StageState stage, BuildId by, boolean finished) {
    say(
        Severity.INFO,
        told(stage, by, finished),
        Map.of(LogKeys.STAGE, stage.name(), LogKeys.BUILD, by.value()));
  }

  static String told(StageState stage, BuildId by, boolean finished) {
    return "[" + stage.name() + "] same as in build " + by + (finished ? "" : ", which runs it");
  }

  @Override
  public void stepStarted(StageState stage, StepState step) {
    say(Severity.INFO, stage.label(step) + " " + step.text(), context(stage, step));
  }

  @Override
  public void printed(StageState stage, StepState step, boolean error, String line) {
    if (settings.mode() == ViewSettings.Mode.QUIET) {
      return;
    }
    var text = style.printed(model.now(), stage.label(step), line, context(stage, step));
    if (error) {
      screen.err(text);
    } else {
      screen.out(text);
    }
  }

  @Override
  public void stepFinished(StageState stage, StepState step) {
    var time = Amounts.time(step.elapsed(model.now()));
    var severity = stage.acts(step) ? Severity.INFO : Severity.DEBUG;
    say(severity, stage.label(step) + " done in " + time, context(stage, step));
  }

  @Override
  public void stageFinished(StageState stage) {
    var time = Amounts.time(stage.elapsed(model.now()));
    say(
        Severity.DEBUG,
        "[" + stage.name() + "] done in " + time,
        Map.of(LogKeys.STAGE, stage.name()));
  }

  @Override
  public void transferred(TransferState transfer) {
    var local = transfer.kind() == Transfer.UNPACK || transfer.kind() == Transfer.PACK;
    say(
        local ? Severity.DEBUG : Severity.INFO,
        transfer.verb() + " " + transfer.shortName() + " " + transfer.amount(),
        Map.of());
  }

  @Override
  public void delivering(Delivery delivery) {
    if (delivery instanceof Delivery.ToRegistry(_, var written)) {
      say(Severity.INFO, "Pushing image to " + written, Map.of());
    }
  }

  @Override
  public void delivered(Delivery delivery, Digest manifest) {
    say(Severity.INFO, told(delivery, manifest), Map.of(LogKeys.DIGEST, manifest.toString()));
  }

  static String told(Delivery delivery, Digest manifest) {
    return switch (delivery) {
      case Delivery.ToRegistry(var reference, _) ->
          "Pushed " + reference.repositoryName() + "@" + manifest;
      case Delivery.ToTar(var path) -> "Wrote archive " + path;
      case Delivery.ToLayout(var path) -> "Wrote layout " + path;
      case Delivery.ToDigestFile(var path, _) -> "Wrote digest file " + path;
    };
  }

  static String described(Finding finding) {
    return finding.at().map(place -> place + ": ").orElse("")
        + finding.message()
        + " ("
        + finding.name()
        + ")";
  }

  @Override
  public void log(Severity level, String message, Map<String, String> context) {
    if (style.shows(level)) {
      screen.err(style.logLine(level, model.now(), message, context));
    }
  }

  @Override
  public void ended(Ending ending) {
    if (settings.format() == ViewSettings.Format.JSON) {
      endedJson(ending);
      return;
    }
    for (var line : Summary.of(model, ending)) {
      say(line.level(), line.text(), Map.of());
    }
  }

  private void endedJson(Ending ending) {
    var level = ending instanceof Ending.Succeeded ? Severity.INFO : Severity.ERROR;
    if (style.shows(level)) {
      var message = JsonSummary.message(model, ending);
      screen.err(style.json(level, model.now(), message, JsonSummary.of(model, ending)));
    }
  }

  private void say(Severity level, String message, Map<String, String> context) {
    if (style.shows(level)) {
      screen.err(style.line(level, model.now(), message, context));
    }
  }

  private static Map<String, String> context(Finding finding) {
    var context = new LinkedHashMap<String, String>();
    context.put(LogKeys.RULE, finding.name());
    finding
        .at()
        .ifPresent(place -> {
          context.put(LogKeys.PATH, place.file());
          context.put(LogKeys.LINE, Integer.toString(place.line()));
        });
    return context;
  }

  private static Map<String, String> context(StageState stage, StepState step) {
    return Map.of(LogKeys.STAGE, stage.name(), LogKeys.STEP, Integer.toString(step.index() + 1));
  }
}
