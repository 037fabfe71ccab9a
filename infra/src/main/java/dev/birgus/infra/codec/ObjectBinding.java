package dev.birgus.infra.codec;

import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonSyntaxException;
import java.util.Optional;
import java.util.function.Function;

/** Values that have a JSON object of their own, written by a specification of somebody else. */
final class ObjectBinding implements Binding {

  private final Function<Object, Json.Obj> write;
  private final Function<Json.Obj, ?> read;

  private ObjectBinding(Function<Object, Json.Obj> write, Function<Json.Obj, ?> read) {
    this.write = write;
    this.read = read;
  }

  @SuppressWarnings("unchecked") // it is given only what the binding of its type is given
  static <T> ObjectBinding of(Function<T, Json.Obj> write, Function<Json.Obj, T> read) {
    return new ObjectBinding((Function<Object, Json.Obj>) write, read);
  }

  @Override
  public Optional<Json> write(Object value) {
    return Optional.of(write.apply(value));
  }

  @Override
  public Object read(Json json, String path) {
    if (!(json instanceof Json.Obj object)) {
      throw new JsonSyntaxException(path + " is not an object");
    }
    try {
      return read.apply(object);
    } catch (IllegalArgumentException wrong) {
      throw new JsonSyntaxException(path + ": " + wrong.getMessage());
    }
  }

  @Override
  public Json.Obj schema(Definitions definitions) {
    return Json.Obj.EMPTY.with("type", Json.of("object"));
  }
}
