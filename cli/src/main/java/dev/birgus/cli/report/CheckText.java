package dev.birgus.cli.report;

import dev.birgus.cli.progress.Printable;
import dev.birgus.infra.contracts.BuildRequest.Dockerfile;
import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.planner.lint.Rule;
import dev.birgus.planner.service.CheckReport;
import java.util.ArrayList;
import java.util.List;

/** The result of a check for people: each finding with its lines. */
public final class CheckText {

  private static final int MOST_LINES = 6;

  private final List<String> lines;
  private final StringBuilder text = new StringBuilder();

  private CheckText(Dockerfile dockerfile) {
    this.lines = List.of(dockerfile.text().split("\n", -1));
  }

  /** The report on a Dockerfile. */
  public static String of(Dockerfile dockerfile, CheckReport report) {
    var text = new CheckText(dockerfile);
    for (var error : report.errors()) {
      var place = error.at().map(at -> at + ": ").orElse("");
      text.line(place + "error: " + error.message());
      error.at().ifPresent(text::excerpt);
      error.output().forEach(line -> text.line("  " + line));
      if (!error.advice().isEmpty()) {
        text.line("  " + error.advice());
      }
      text.line("");
    }
    for (var finding : report.findings()) {
      var place = finding.at().map(at -> at + ": ").orElse("");
      text.line(place + finding.name() + ": " + finding.message());
      finding.at().ifPresent(text::excerpt);
      text.line("");
    }
    text.line(summary(dockerfile.name(), report));
    return text.text.toString();
  }

  private static String summary(String file, CheckReport report) {
    if (report.isClean()) {
      return file + ": nothing found";
    }
    var notes = (int) report.findings().stream().filter(Rule::isNote).count();
    var counts = new ArrayList<String>();
    if (!report.errors().isEmpty()) {
      counts.add(count(report.errors().size(), "error"));
    }
    if (notes == 0 || notes < report.findings().size()) {
      counts.add(count(report.findings().size() - notes, "finding"));
    }
    if (notes > 0) {
      counts.add(count(notes, "note"));
    }
    return file + ": " + String.join(", ", counts);
  }

  private static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  private void excerpt(SourceLocation at) {
    var last = Math.min(at.endLine(), lines.size());
    var shown = Math.min(last, at.line() + MOST_LINES - 1);
    var width = Integer.toString(shown).length();
    for (var number = at.line(); number <= shown; number++) {
      var padding = " ".repeat(width - Integer.toString(number).length());
      line("  " + padding + number + " | " + Printable.of(withoutReturn(lines.get(number - 1))));
    }
    if (shown < last) {
      line("  " + " ".repeat(width) + " | … to line " + last);
    }
  }

  private static String withoutReturn(String line) {
    return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
