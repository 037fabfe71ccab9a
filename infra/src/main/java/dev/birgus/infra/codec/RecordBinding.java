package dev.birgus.infra.codec;

import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonSyntaxException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Records as objects with a member for each component; members they do not know are ignored. */
final class RecordBinding implements Binding {

  private final Class<?> type;
  private final Bindings bindings;
  private final Constructor<?> constructor;
  private final List<RecordComponent> components;

  RecordBinding(Class<?> type, Bindings bindings) {
    this.type = type;
    this.bindings = bindings;
    this.components = List.of(type.getRecordComponents());
    try {
      var parameters = components.stream().map(RecordComponent::getType).toArray(Class<?>[]::new);
      this.constructor = type.getDeclaredConstructor(parameters);
    } catch (NoSuchMethodException impossible) {
      throw new AssertionError("every record has a canonical constructor", impossible);
    }
  }

  @Override
  public Optional<Json> write(Object value) {
    return Optional.of(new Json.Obj(members(value)));
  }

  /** The members of a value, in the order of its components. */
  Map<String, Json> members(Object value) {
    var members = new LinkedHashMap<String, Json>();
    for (var component : components) {
      binding(component)
          .write(call(component.getAccessor(), value))
          .ifPresent(json -> members.put(component.getName(), json));
    }
    return members;
  }

  @Override
  public Object read(Json json, String path) {
    if (!(json instanceof Json.Obj object)) {
      throw new JsonSyntaxException(path + " is not an object");
    }
    var values = new Object[components.size()];
    for (var i = 0; i < values.length; i++) {
      var component = components.get(i);
      var place = path + "." + component.getName();
      var binding = binding(component);
      values[i] =
          object
              .get(component.getName())
              .map(member -> binding.read(member, place))
              .or(binding::absent)
              .orElseThrow(() -> new JsonSyntaxException(place + " is missing"));
    }
    return make(values, path);
  }

  private Object make(Object[] values, String path) {
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException refused) {
      throw new JsonSyntaxException(
          path + " is not a " + type.getSimpleName() + ": " + refused.getCause());
    } catch (ReflectiveOperationException impossible) {
      throw new LinkageError("the records of the contracts are public", impossible);
    }
  }

  private static Object call(Method accessor, Object value) {
    try {
      return accessor.invoke(value);
    } catch (ReflectiveOperationException impossible) {
      throw new LinkageError("the records of the contracts are public", impossible);
    }
  }

  // Looked up when needed and not before: a record may contain itself.
  private Binding binding(RecordComponent component) {
    return bindings.of(component.getGenericType());
  }

  @Override
  public Json.Obj schema(Definitions definitions) {
    return definitions.refer(Names.of(type), () -> describe(definitions));
  }

  private Json.Obj describe(Definitions definitions) {
    var properties = new LinkedHashMap<String, Json>();
    var required = new ArrayList<String>();
    for (var component : components) {
      var binding = binding(component);
      properties.put(component.getName(), binding.schema(definitions));
      if (binding.absent().isEmpty()) {
        required.add(component.getName());
      }
    }
    return Json.Obj.EMPTY
        .with("type", Json.of("object"))
        .with("properties", new Json.Obj(properties))
        .with("required", Json.ofStrings(required));
  }

  @Override
  public String toString() {
    return type.getName() + Arrays.toString(components.toArray());
  }
}
