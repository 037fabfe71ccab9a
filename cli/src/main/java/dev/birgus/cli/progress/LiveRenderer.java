package dev.birgus.cli.progress;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Delivery;
import dev.birgus.infra.contracts.Finding;
import dev.birgus.infra.oci.Digest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Shows a build on a terminal: what is done scrolls away above, what is running is redrawn below.
 * What steps print is shown without control characters.
 */
final class LiveRenderer implements Renderer {

  private static final int SHOWN_LINES = 4;
  private static final int SHOWN_TRANSFERS = 5;
  private static final int BAR = 20;
  private static final String SPINNER = "|/-\\";
  private static final Duration BETWEEN_DRAWINGS = Duration.ofMillis(100);

  private final LineStyle style;
  private final Screen screen;
  private final BuildModel model;
  private final InstantSource clock;
  private final StringBuilder above = new StringBuilder();
  private int drawn;
  private int ticks;

  LiveRenderer(ViewSettings settings, Screen screen, BuildModel model, InstantSource clock) {
    this.style = new LineStyle(settings);
    this.screen = screen;
    this.model = model;
    this.clock = clock;
  }

  /** How often {@link #tick} should be called. */
  static Duration betweenDrawings() {
    return BETWEEN_DRAWINGS;
  }

  @Override
  public void warning(Finding finding) {
    keep(Severity.WARN, "warning: " + Printable.of(PlainRenderer.described(finding)));
  }

  @Override
  public void nodesAwaited(String pool, boolean over) {
    keep(over ? Severity.INFO : Severity.WARN, Printable.of(PlainRenderer.told(pool, over)));
  }

  @Override
  public void stageStarted(StageState stage) {}

  @Override
  public void stageShared(StageState stage, BuildId by, boolean finished) {
    keep(Severity.INFO, PlainRenderer.told(stage, by, finished));
  }

  @Override
  public void stepStarted(StageState stage, StepState step) {}

  @Override
  public void printed(StageState stage, StepState step, boolean error, String line) {}

  @Override
  public void stepFinished(StageState stage, StepState step) {
    var time = Amounts.time(step.elapsed(model.now()));
    keep(Severity.INFO, row(stage.label(step) + " " + Printable.of(step.text()), time));
  }

  @Override
  public void stageFinished(StageState stage) {}

  @Override
  public void transferred(TransferState transfer) {}

  @Override
  public void delivering(Delivery delivery) {}

  @Override
  public void delivered(Delivery delivery, Digest manifest) {
    keep(Severity.INFO, PlainRenderer.told(delivery, manifest));
  }

  @Override
  public void log(Severity level, String message, Map<String, String> context) {
    if (style.shows(level)) {
      above.append(style.logLine(level, model.now(), Printable.of(message), context));
    }
  }

  @Override
  public void ended(Ending ending) {
    for (var line : Summary.of(model, ending)) {
      keep(line.level(), Printable.of(line.text()));
    }
    tick();
  }

  /** Draws once: what has ended goes above, what is running is drawn anew. */
  @Override
  public void tick() {
    ticks++;
    var picture = new StringBuilder();
    if (drawn > 0) {
      picture.append("\u001b[").append(drawn).append("A\r\u001b[J");
    }
    picture.append(above);
    above.setLength(0);
    var lines = model.isEnded() ? List.<String>of() : running();
    for (var line : lines) {
      picture.append(line).append('\n');
    }
    drawn = lines.size();
    if (!picture.isEmpty()) {
      screen.err(picture.toString());
    }
  }

  private List<String> running() {
    var lines = new ArrayList<String>();
    var now = clock.instant();
    var columns = screen.columns() - 1;
    for (var stage : model.stages()) {
      var step = stage.runningStep();
      if (step.isPresent()) {
        var text =
            spinner() + " " + stage.label(step.get()) + " " + Printable.of(step.get().text());
        lines.add(row(text, Amounts.time(step.get().elapsed(now))));
        var printed = step.get().lastLines();
        printed.stream()
            .skip(Math.max(0, printed.size() - SHOWN_LINES))
            .map(line -> style.dimmed(Printable.fit("  | " + Printable.of(line), columns)))
            .forEach(lines::add);
      }
    }
    model.transfers().stream()
        .filter(transfer -> !transfer.isFinished())
        .limit(SHOWN_TRANSFERS)
        .map(transfer -> Printable.fit(Printable.of(transferRow(transfer)), columns))
        .forEach(lines::add);
    lines.add(Printable.fit(total(now), columns));
    return lines;
  }

  private String total(Instant now) {
    var done =
        model.stages().stream().filter(stage -> stage.phase() == StageState.Phase.FINISHED).count();
    var time = Amounts.time(Duration.between(model.begun(), now));
    return model.stages().isEmpty()
        ? spinner() + " preparing, " + time
        : spinner() + " building, " + done + " of " + model.stages().size() + " stages, " + time;
  }

  private static String transferRow(TransferState transfer) {
    var total = transfer.total().orElse(0L);
    var filled = total > 0 ? (int) Math.min(BAR, transfer.done() * BAR / total) : 0;
    return "  "
        + transfer.verb()
        + " "
        + transfer.shortName()
        + " ["
        + "#".repeat(filled)
        + ".".repeat(BAR - filled)
        + "] "
        + transfer.amount();
  }

  private String row(String left, String right) {
    var room = screen.columns() - 2 - right.length();
    var text = Printable.fit(left, room);
    return text + " ".repeat(Math.max(1, room - Printable.width(text) + 1)) + right;
  }

  private char spinner() {
    return SPINNER.charAt(ticks % SPINNER.length());
  }

  private void keep(Severity level, String text) {
    if (style.shows(level)) {
      above.append(style.line(level, model.now(), text, Map.of()));
    }
  }
}
