package dev.birgus.infra.codec;

import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonSyntaxException;
import java.util.Optional;
import java.util.function.Function;

/** Values that are written as a string. */
final class TextBinding implements Binding {

  static final TextBinding PLAIN = new TextBinding("", (String text) -> text, text -> text);

  private final String format;
  private final Function<Object, String> write;
  private final Function<String, ?> read;

  /**
   * A binding.
   *
   * @param format what the text is, for the schema and for messages; "" for any text
   * @param read throws an exception for what is no such value
   */
  @SuppressWarnings("unchecked") // it is given only what the binding of its type is given
  <T> TextBinding(String format, Function<T, String> write, Function<String, T> read) {
    this.format = format;
    this.write = (Function<Object, String>) write;
    this.read = read;
  }

  @Override
  public Optional<Json> write(Object value) {
    return Optional.of(Json.of(text(value)));
  }

  String text(Object value) {
    return write.apply(value);
  }

  @Override
  public Object read(Json json, String path) {
    if (json instanceof Json.Str(var text)) {
      return parse(text, path);
    }
    throw new JsonSyntaxException(path + " is not a string");
  }

  Object parse(String text, String path) {
    try {
      return read.apply(text);
    } catch (IllegalArgumentException | java.time.DateTimeException wrong) {
      throw new JsonSyntaxException(path + " is not a " + format + ": " + wrong.getMessage());
    }
  }

  @Override
  public Json.Obj schema(Definitions definitions) {
    var schema = Json.Obj.EMPTY.with("type", Json.of("string"));
    return format.isEmpty() ? schema : schema.with("format", Json.of(format.replace(' ', '-')));
  }
}
