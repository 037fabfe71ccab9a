package dev.birgus.infra.doors;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.json.Json;

/** A failure as clients of a door read it. */
public final class FailureJson {

  private FailureJson() {}

  /** The failure as the member {@code error}. */
  public static Json.Obj of(Failure failure) {
    return Json.Obj.EMPTY.with(
        "error",
        Json.Obj.EMPTY
            .with("name", Json.of(failure.name()))
            .with("message", Json.of(failure.message()))
            .with("advice", Json.of(failure.advice())));
  }

  /** The failure of such a text, if it is one. */
  public static Failure read(Json.Obj answer, Failure otherwise) {
    var error = answer.object("error");
    if (error.string("name").isEmpty()) {
      return otherwise;
    }
    return Failure.of(
        error.string("name").orElse(otherwise.name()),
        error.string("message").orElse(otherwise.message()),
        error.string("advice").orElse(""));
  }
}
