package dev.birgus.infra.codec;

import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonSyntaxException;
import java.util.Optional;

/** Whole numbers. */
enum NumberBinding implements Binding {
  INT,
  LONG;

  @Override
  public Optional<Json> write(Object value) {
    return Optional.of(Json.of(((Number) value).longValue()));
  }

  @Override
  public Object read(Json json, String path) {
    if (json instanceof Json.Num(var number)) {
      try {
        return switch (this) {
          case INT -> number.intValueExact();
          case LONG -> number.longValueExact();
        };
      } catch (ArithmeticException _) {
        throw new JsonSyntaxException(path + " is out of range: " + number);
      }
    }
    throw new JsonSyntaxException(path + " is not a number");
  }

  @Override
  public Json.Obj schema(Definitions definitions) {
    return Json.Obj.EMPTY.with("type", Json.of("integer"));
  }
}
