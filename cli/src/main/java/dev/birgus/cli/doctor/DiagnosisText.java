package dev.birgus.cli.doctor;

import dev.birgus.cli.progress.Amounts;
import dev.birgus.executor.run.LadderReport.Attempt;
import dev.birgus.executor.run.Rung;

/** A diagnosis for people. */
public final class DiagnosisText {

  private static final int LABEL = 16;
  private static final int MOST_NAMES = 20;

  private final Diagnosis diagnosis;
  private final StringBuilder text = new StringBuilder();

  private DiagnosisText(Diagnosis diagnosis) {
    this.diagnosis = diagnosis;
  }

  /** The text, with the end of its last line. */
  public static String of(Diagnosis diagnosis) {
    var text = new DiagnosisText(diagnosis);
    text.versions();
    text.process();
    text.ladder();
    text.storage();
    text.rest();
    text.improvements();
    return text.text.toString();
  }

  private void versions() {
    var versions = diagnosis.versions();
    line("birgus " + versions.birgus() + ", Java " + versions.java());
    line("Linux " + versions.kernel() + ", " + versions.platform());
  }

  private void process() {
    var process = diagnosis.process();
    heading("This process");
    row("user", process.user() == 0 ? "root" : String.valueOf(process.user()));
    row("user ids", process.mapped() ? String.join("; ", process.ids()) : "the machine's own");
    row("capabilities", capabilities(process));
    row("seccomp", process.filtered() ? "a filter" : "no filter");
    if (process.noNewPrivileges()) {
      row("no_new_privs", "set");
    }
    if (!process.refusal().isEmpty()) {
      row("namespace", "none of our own: " + process.refusal());
    }
  }

  private static String capabilities(ProcessFacts process) {
    var names = process.capabilities();
    if (names.isEmpty()) {
      return "none";
    }
    return names.size() > MOST_NAMES
        ? names.size() + (process.has("SYS_ADMIN") ? ", SYS_ADMIN among them" : ", not SYS_ADMIN")
        : String.join(" ", names);
  }

  private void ladder() {
    var ladder = diagnosis.ladder();
    var way = ladder.chosen().map(Rung::label).orElse("not at all");
    heading("RUN is run: " + way + diagnosis.asked().map(_ -> " (asked for)").orElse(""));
    for (var attempt : ladder.attempts()) {
      row(attempt.rung().label(), outcome(attempt));
      if (!attempt.works() && !attempt.advice().isEmpty()) {
        row("", attempt.advice());
      }
    }
  }

  private static String outcome(Attempt attempt) {
    return attempt.works()
        ? "works (" + attempt.elapsed().toMillis() + " ms)"
        : "no: " + attempt.reason().orElse("");
  }

  private void storage() {
    var storage = diagnosis.storage();
    heading("State folder: " + storage.folder());
    if (!storage.type().isEmpty()) {
      row(
          storage.type(),
          Amounts.size(storage.free()) + " of " + Amounts.size(storage.total()) + " free");
    }
    row("roots of stages", storage.way().isEmpty() ? "none" : storage.way());
    if (!storage.reason().isEmpty()) {
      row("", storage.reason());
    }
  }

  private void rest() {
    heading("Limits of a RUN");
    for (var limit : diagnosis.limits()) {
      row(limit.name(), limit.reason().isEmpty() ? "yes" : "no: " + limit.reason());
    }
    heading("Programs");
    for (var program : diagnosis.programs()) {
      row(program.name(), program.path().orElse("missing") + "  (" + program.purpose() + ")");
    }
  }

  private void improvements() {
    for (var improvement : Improvements.of(diagnosis)) {
      heading("To have, " + improvement.gain());
      improvement.lines().forEach(line -> line("  " + line));
    }
    line("");
    line(
        diagnosis.canRun()
            ? "Dockerfiles with RUN can be built here."
            : "Dockerfiles with RUN cannot be built here.");
  }

  private void heading(String words) {
    line("");
    line(words);
  }

  private void row(String label, String words) {
    line("  " + label + " ".repeat(Math.max(1, LABEL - label.length())) + words);
  }

  private void line(String words) {
    text.append(words.stripTrailing()).append('\n');
  }
}
