package dev.birgus.cli.doctor;

import dev.birgus.executor.run.LadderReport.Attempt;
import dev.birgus.executor.run.Rung;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonText;
import java.util.List;
import java.util.function.Function;

/** A diagnosis for programs: one object on one line. */
public final class DiagnosisJson {

  private DiagnosisJson() {}

  /** The object, with the end of its line. */
  public static String of(Diagnosis diagnosis) {
    var versions = diagnosis.versions();
    var json =
        Json.Obj.EMPTY
            .with("canRun", Json.of(diagnosis.canRun()))
            .with("isolation", rung(diagnosis.ladder().chosen().map(Rung::label).orElse("")))
            .with("rungs", list(diagnosis.ladder().attempts(), DiagnosisJson::attempt))
            .with("storage", storage(diagnosis.storage()))
            .with("limits", list(diagnosis.limits(), DiagnosisJson::limit))
            .with("process", process(diagnosis.process()))
            .with("programs", list(diagnosis.programs(), DiagnosisJson::program))
            .with("improvements", list(Improvements.of(diagnosis), DiagnosisJson::improvement))
            .with(
                "versions",
                Json.Obj.EMPTY
                    .with("birgus", Json.of(versions.birgus()))
                    .with("java", Json.of(versions.java()))
                    .with("kernel", Json.of(versions.kernel()))
                    .with("platform", Json.of(versions.platform())));
    return JsonText.text(json) + "\n";
  }

  private static Json rung(String label) {
    return label.isEmpty() ? Json.Null.NULL : Json.of(label);
  }

  private static Json attempt(Attempt attempt) {
    var json =
        Json.Obj.EMPTY
            .with("name", Json.of(attempt.rung().label()))
            .with("works", Json.of(attempt.works()))
            .with("milliseconds", Json.of(attempt.elapsed().toMillis()));
    return attempt.works()
        ? json
        : json.with("reason", Json.of(attempt.reason().orElse("")))
            .with("advice", Json.of(attempt.advice()));
  }

  private static Json storage(Diagnosis.Storage storage) {
    return Json.Obj.EMPTY
        .with("folder", Json.of(storage.folder()))
        .with("fileSystem", Json.of(storage.type()))
        .with("free", Json.of(storage.free()))
        .with("total", Json.of(storage.total()))
        .with("roots", Json.of(storage.way()))
        .with("reason", Json.of(storage.reason()));
  }

  private static Json limit(Diagnosis.Limit limit) {
    return Json.Obj.EMPTY
        .with("name", Json.of(limit.name()))
        .with("works", Json.of(limit.reason().isEmpty()))
        .with("reason", Json.of(limit.reason()));
  }

  private static Json process(ProcessFacts process) {
    return Json.Obj.EMPTY
        .with("user", Json.of(process.user()))
        .with("ids", Json.ofStrings(process.ids()))
        .with("capabilities", Json.ofStrings(process.capabilities()))
        .with("seccompFilter", Json.of(process.filtered()))
        .with("noNewPrivileges", Json.of(process.noNewPrivileges()))
        .with("namespace", Json.of(process.namespace()))
        .with("refusal", Json.of(process.refusal()));
  }

  private static Json program(Diagnosis.Program program) {
    return Json.Obj.EMPTY
        .with("name", Json.of(program.name()))
        .with("path", program.path().map(Json::of).orElse(Json.Null.NULL))
        .with("purpose", Json.of(program.purpose()));
  }

  private static Json improvement(Improvements.Improvement improvement) {
    return Json.Obj.EMPTY
        .with("gain", Json.of(improvement.gain()))
        .with("lines", Json.ofStrings(improvement.lines()));
  }

  private static <T> Json list(List<T> values, Function<T, Json> each) {
    return new Json.Arr(values.stream().map(each).toList());
  }
}
