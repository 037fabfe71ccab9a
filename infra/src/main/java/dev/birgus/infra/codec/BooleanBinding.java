package dev.birgus.infra.codec;

import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonSyntaxException;
import java.util.Optional;

/** True or false; a missing one is false, so that a new one can be added to what is sent. */
final class BooleanBinding implements Binding {

  @Override
  public Optional<Json> write(Object value) {
    return Optional.of(Json.of((Boolean) value));
  }

  @Override
  public Object read(Json json, String path) {
    if (json instanceof Json.Bool(var value)) {
      return value;
    }
    throw new JsonSyntaxException(path + " is neither true nor false");
  }

  @Override
  public Optional<Object> absent() {
    return Optional.of(false);
  }

  @Override
  public Json.Obj schema(Definitions definitions) {
    return Json.Obj.EMPTY.with("type", Json.of("boolean"));
  }
}
