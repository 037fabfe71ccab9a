package dev.birgus.infra.codec;

import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonText;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Events as JSON, each under a versioned type name: {@code dev.birgus.build-requested.v1}.
 *
 * <p>Adding an optional component to an event keeps its version: readers ignore members they do not
 * know, and take a missing one for empty. Any other change of an event needs a new version, and a
 * type name this codec does not know is not an error: its reader is only older than its writer.
 */
public final class EventCodec {

  /** The versions of events that are not at their first. */
  private static final Map<Class<?>, Integer> VERSIONS = Map.of();

  private final Bindings bindings = new Bindings();
  private final Map<String, Class<?>> byType = new LinkedHashMap<>();

  /** A codec of all events. */
  public EventCodec() {
    add(Event.class);
  }

  private void add(Class<?> kind) {
    for (var event : kind.getPermittedSubclasses()) {
      if (event.isSealed()) {
        add(event);
      } else {
        byType.put(type(event), event);
      }
    }
  }

  /**
   * An event on its way.
   *
   * @param type its name and version
   * @param json its components
   */
  public record Encoded(String type, Json.Obj json) {
    /** The JSON as UTF-8. */
    public byte[] data() {
      return JsonText.write(json);
    }
  }

  /** The event as JSON. */
  public Encoded encode(Event event) {
    var binding = bindings.of(event.getClass());
    var json = (Json.Obj) binding.write(event).orElseThrow();
    return new Encoded(type(event.getClass()), json);
  }

  /**
   * The event of this JSON.
   *
   * @return empty if the type is not known
   * @throws dev.birgus.infra.json.JsonSyntaxException if the data is no event of the type, saying
   *     which member is wrong
   */
  public Optional<Event> decode(String type, byte[] data) {
    return Optional.ofNullable(byType.get(type))
        .map(event -> (Event) bindings.of(event).read(JsonText.parse(data), "data"));
  }

  /** The JSON schema (draft 2020-12) of each type of event, by its type name. */
  public Map<String, Json.Obj> schemas() {
    var schemas = new LinkedHashMap<String, Json.Obj>();
    byType.forEach((type, event) -> {
      var definitions = new Definitions("#/$defs/");
      var schema = bindings.of(event).schema(definitions);
      schemas.put(
          type,
          Json.Obj.EMPTY
              .with("$schema", Json.of("https://json-schema.org/draft/2020-12/schema"))
              .with("title", Json.of(type))
              .with("$ref", Json.of(schema.string("$ref").orElseThrow()))
              .with("$defs", definitions.toJson()));
    });
    return Collections.unmodifiableMap(schemas);
  }

  private static String type(Class<?> event) {
    return "dev.birgus." + Names.dashed(event) + ".v" + VERSIONS.getOrDefault(event, 1);
  }
}
