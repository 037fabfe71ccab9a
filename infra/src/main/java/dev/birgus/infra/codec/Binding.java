package dev.birgus.infra.codec;

import dev.birgus.infra.json.Json;
import java.util.Optional;

/** How values of one type are written as JSON, read from it and described. */
interface Binding {

  /** The value as JSON; empty where the member that would hold it is left out. */
  Optional<Json> write(Object value);

  /**
   * The value of this JSON.
   *
   * @param path where it stands in the document, for messages
   * @throws dev.birgus.infra.json.JsonSyntaxException if it is no value of the type
   */
  Object read(Json json, String path);

  /** The value of a member that is missing; empty if it may not be. */
  default Optional<Object> absent() {
    return Optional.empty();
  }

  /** The JSON schema of the values; what has a name is put into the definitions and referred to. */
  Json.Obj schema(Definitions definitions);
}
