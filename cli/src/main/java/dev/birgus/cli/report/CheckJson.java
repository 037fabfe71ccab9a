package dev.birgus.cli.report;

import dev.birgus.infra.contracts.BuildRequest.Dockerfile;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Finding;
import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonText;
import dev.birgus.planner.lint.Rule;
import dev.birgus.planner.service.CheckReport;
import java.util.List;
import java.util.Optional;

/** The result of a check for programs: one object on one line. */
public final class CheckJson {

  private CheckJson() {}

  /** The report on a Dockerfile. */
  public static String of(Dockerfile dockerfile, CheckReport report) {
    var json =
        Json.Obj.EMPTY
            .with("file", Json.of(dockerfile.name()))
            .with("findings", findings(report.findings()))
            .with("errors", new Json.Arr(report.errors().stream().map(CheckJson::error).toList()));
    return JsonText.text(json) + "\n";
  }

  static Json findings(List<Finding> findings) {
    return new Json.Arr(findings.stream().map(CheckJson::finding).toList());
  }

  private static Json finding(Finding finding) {
    var json =
        placed(
            Json.Obj.EMPTY
                .with("rule", Json.of(finding.name()))
                .with("message", Json.of(finding.message())),
            finding.at());
    var rule = Rule.named(finding.name());
    return rule.isEmpty()
        ? json
        : json.with("description", Json.of(rule.get().description()))
            .with("documentation", Json.of(rule.get().documentation()));
  }

  private static Json error(Failure failure) {
    return placed(
        Json.Obj.EMPTY
            .with("name", Json.of(failure.name()))
            .with("message", Json.of(failure.message()))
            .with("advice", Json.of(failure.advice())),
        failure.at());
  }

  static Json.Obj placed(Json.Obj json, Optional<SourceLocation> at) {
    return at.map(place ->
            json.with("file", Json.of(place.file()))
                .with("line", Json.of(place.line()))
                .with("endLine", Json.of(place.endLine())))
        .orElse(json);
  }
}
