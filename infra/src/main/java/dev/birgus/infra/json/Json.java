package dev.birgus.infra.json;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A JSON document as a value (RFC 8259). Objects keep the order of their members. */
public sealed interface Json {

  /** The null literal. */
  enum Null implements Json {
    /** The only one. */
    NULL
  }

  /** A true or a false. */
  record Bool(boolean value) implements Json {}

  /** A number, with the precision it was written with. */
  record Num(BigDecimal value) implements Json {
    public Num {
      requireNonNull(value, "value");
    }
  }

  /** A string. */
  record Str(String value) implements Json {
    public Str {
      requireNonNull(value, "value");
    }
  }

  /** An array. */
  record Arr(List<Json> items) implements Json {
    public Arr {
      items = List.copyOf(items);
    }
  }

  /** An object. Members keep the order in which they were read or put. */
  record Obj(Map<String, Json> members) implements Json {

    /** The object without members. */
    public static final Obj EMPTY = new Obj(Map.of());

    public Obj {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    /** The member of this name, if there is one and it is not null. */
    public Optional<Json> get(String name) {
      return Optional.ofNullable(members.get(name)).filter(value -> value != Null.NULL);
    }

    /** The string member of this name; empty if it is missing or of another type. */
    public Optional<String> string(String name) {
      return get(name).filter(Str.class::isInstance).map(value -> ((Str) value).value());
    }

    /** The number member of this name as a long; empty if missing, of another type or not whole. */
    public Optional<Long> number(String name) {
      return get(name)
          .filter(Num.class::isInstance)
          .map(value -> ((Num) value).value())
          .flatMap(Obj::exactLong);
    }

    /** The object member of this name, or an empty object. */
    public Obj object(String name) {
      return get(name).filter(Obj.class::isInstance).map(Obj.class::cast).orElse(EMPTY);
    }

    /** The items of the array member of this name, or none. */
    public List<Json> array(String name) {
      return get(name)
          .filter(Arr.class::isInstance)
          .map(value -> ((Arr) value).items())
          .orElse(List.of());
    }

    /** The string items of the array member of this name; items of other types are left out. */
    public List<String> strings(String name) {
      var result = new ArrayList<String>();
      for (var item : array(name)) {
        if (item instanceof Str(var text)) {
          result.add(text);
        }
      }
      return List.copyOf(result);
    }

    /** The string members of the object member of this name, in order. */
    public Map<String, String> stringMap(String name) {
      var result = new LinkedHashMap<String, String>();
      object(name)
          .members()
          .forEach((key, value) -> {
            if (value instanceof Str(var text)) {
              result.put(key, text);
            }
          });
      return Collections.unmodifiableMap(result);
    }

    /** This object with the member set; a member already there keeps its place. */
    public Obj with(String name, Json value) {
      var copy = new LinkedHashMap<>(members);
      copy.put(name, value);
      return new Obj(copy);
    }

    /** This object without the member. */
    public Obj without(String name) {
      var copy = new LinkedHashMap<>(members);
      copy.remove(name);
      return new Obj(copy);
    }

    private static Optional<Long> exactLong(BigDecimal value) {
      try {
        return Optional.of(value.longValueExact());
      } catch (ArithmeticException notWhole) {
        return Optional.empty();
      }
    }
  }

  /** A string as JSON. */
  static Json of(String value) {
    return new Str(value);
  }

  /** A number as JSON. */
  static Json of(long value) {
    return new Num(BigDecimal.valueOf(value));
  }

  /** A boolean as JSON. */
  static Json of(boolean value) {
    return new Bool(value);
  }

  /** An array of strings. */
  static Json ofStrings(List<String> values) {
    return new Arr(values.stream().map(Json::of).toList());
  }

  /** An object of strings, in the map's order. */
  static Obj ofStrings(Map<String, String> values) {
    var members = new LinkedHashMap<String, Json>();
    values.forEach((key, value) -> members.put(key, of(value)));
    return new Obj(members);
  }
}
