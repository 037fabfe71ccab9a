package dev.birgus.infra.codec;

import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonSyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The constants of an enum, by their names in lower case with dashes. */
final class EnumBinding implements Binding {

  private final Map<String, Object> byName = new LinkedHashMap<>();

  EnumBinding(Class<?> type) {
    for (var constant : type.getEnumConstants()) {
      byName.put(name(constant), constant);
    }
  }

  @Override
  public Optional<Json> write(Object value) {
    return Optional.of(Json.of(name(value)));
  }

  @Override
  public Object read(Json json, String path) {
    var constant = json instanceof Json.Str(var name) ? byName.get(name) : null;
    if (constant == null) {
      throw new JsonSyntaxException(path + " is none of " + byName.keySet());
    }
    return constant;
  }

  @Override
  public Json.Obj schema(Definitions definitions) {
    List<String> names = new ArrayList<>(byName.keySet());
    return Json.Obj.EMPTY.with("enum", Json.ofStrings(names));
  }

  private static String name(Object constant) {
    return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
