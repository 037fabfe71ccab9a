package dev.birgus.infra.codec;

import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonSyntaxException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Maps as objects; their order is kept. */
record MapBinding(TextBinding key, Binding value) implements Binding {

  @Override
  public Optional<Json> write(Object map) {
    var members = new LinkedHashMap<String, Json>();
    ((Map<?, ?>) map)
        .forEach(
            (name, each) -> value.write(each).ifPresent(json -> members.put(key.text(name), json)));
    return Optional.of(new Json.Obj(members));
  }

  @Override
  public Object read(Json json, String path) {
    if (!(json instanceof Json.Obj object)) {
      throw new JsonSyntaxException(path + " is not an object");
    }
    var map = new LinkedHashMap<Object, Object>();
    object
        .members()
        .forEach((name, each) -> {
          var place = path + "." + name;
          map.put(key.parse(name, place), value.read(each, place));
        });
    return map;
  }

  @Override
  public Optional<Object> absent() {
    return Optional.of(Map.of());
  }

  @Override
  public Json.Obj schema(Definitions definitions) {
    return Json.Obj.EMPTY
        .with("type", Json.of("object"))
        .with("additionalProperties", value.schema(definitions));
  }
}
