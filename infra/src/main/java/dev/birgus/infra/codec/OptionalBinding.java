package dev.birgus.infra.codec;

import dev.birgus.infra.json.Json;
import java.util.Optional;

/** Values that may be missing, as members that are left out. */
record OptionalBinding(Binding value) implements Binding {

  @Override
  public Optional<Json> write(Object optional) {
    return ((Optional<?>) optional).flatMap(value::write);
  }

  @Override
  public Object read(Json json, String path) {
    return Optional.of(value.read(json, path));
  }

  @Override
  public Optional<Object> absent() {
    return Optional.of(Optional.empty());
  }

  @Override
  public Json.Obj schema(Definitions definitions) {
    return value.schema(definitions);
  }
}
