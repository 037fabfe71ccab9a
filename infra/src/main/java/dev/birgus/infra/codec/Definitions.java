package dev.birgus.infra.codec;

import dev.birgus.infra.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The named schemas of a document, each once. */
final class Definitions {

  private final Map<String, Json> byName = new TreeMap<>();
  private final String place;

  /**
   * Definitions that are referred to at this place.
   *
   * @param place what stands before the name in a reference: {@code #/$defs/}
   */
  Definitions(String place) {
    this.place = place;
  }

  /** A reference to the schema of this name, which is made if it is not there yet. */
  Json.Obj refer(String name, Supplier<Json.Obj> schema) {
    if (!byName.containsKey(name)) {
      // A type may contain itself: the name is taken before its schema is known.
      byName.put(name, Json.Null.NULL);
      byName.put(name, schema.get());
    }
    return Json.Obj.EMPTY.with("$ref", Json.of(place + name));
  }

  /** All of them, by name. */
  Json.Obj toJson() {
    return new Json.Obj(new LinkedHashMap<>(byName));
  }
}
