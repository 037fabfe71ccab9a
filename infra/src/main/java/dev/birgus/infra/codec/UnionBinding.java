package dev.birgus.infra.codec;

import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonSyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The records of a sealed interface: their members, after a {@code type} that says which it is. */
final class UnionBinding implements Binding {

  /** The member that says which record it is. */
  static final String TYPE = "type";

  private final Class<?> type;
  private final Bindings bindings;
  private final Map<String, Class<?>> byName = new LinkedHashMap<>();

  UnionBinding(Class<?> type, Bindings bindings) {
    this.type = type;
    this.bindings = bindings;
    for (var each : type.getPermittedSubclasses()) {
      if (!each.isRecord()) {
        throw new IllegalArgumentException(each + " is not a record, and cannot be sent");
      }
      byName.put(Names.dashed(each), each);
    }
  }

  @Override
  public Optional<Json> write(Object value) {
    var members = new LinkedHashMap<String, Json>();
    members.put(TYPE, Json.of(Names.dashed(value.getClass())));
    record(value.getClass()).members(value).forEach((name, member) -> put(members, name, member));
    return Optional.of(new Json.Obj(members));
  }

  private void put(Map<String, Json> members, String name, Json member) {
    if (members.put(name, member) != null) {
      throw new IllegalArgumentException(type + " has a component called " + name);
    }
  }

  @Override
  public Object read(Json json, String path) {
    if (!(json instanceof Json.Obj object)) {
      throw new JsonSyntaxException(path + " is not an object");
    }
    var name = object.string(TYPE).orElse("");
    var chosen = byName.get(name);
    if (chosen == null) {
      throw new JsonSyntaxException(
          path + ": \"" + name + "\" is none of the types " + byName.keySet());
    }
    return record(chosen).read(object, path);
  }

  private RecordBinding record(Class<?> each) {
    return (RecordBinding) bindings.of(each);
  }

  @Override
  public Json.Obj schema(Definitions definitions) {
    return definitions.refer(Names.of(type), () -> describe(definitions));
  }

  private Json.Obj describe(Definitions definitions) {
    var choices = new ArrayList<Json>();
    byName.forEach((name, each) -> {
      var tag =
          Json.Obj.EMPTY
              .with(
                  "properties",
                  Json.Obj.EMPTY.with(TYPE, Json.Obj.EMPTY.with("const", Json.of(name))))
              .with("required", Json.ofStrings(java.util.List.of(TYPE)));
      var both = new Json.Arr(java.util.List.of(tag, record(each).schema(definitions)));
      choices.add(Json.Obj.EMPTY.with("allOf", both));
    });
    return Json.Obj.EMPTY.with("oneOf", new Json.Arr(choices));
  }
}
