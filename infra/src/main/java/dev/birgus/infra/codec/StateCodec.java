package dev.birgus.infra.codec;

import dev.birgus.infra.json.JsonText;

/**
 * The records of a table as JSON, and back.
 *
 * <p>As with events, an optional component may be added, and members that are not known are
 * ignored.
 *
 * @param <S> a record, or a sealed interface of records
 */
public final class StateCodec<S> {

  private final Class<S> type;
  private final Binding binding;

  /**
   * A codec.
   *
   * @throws IllegalArgumentException if the type has a component that cannot be sent
   */
  public StateCodec(Class<S> type) {
    this.type = type;
    this.binding = new Bindings().of(type);
  }

  /** The record as JSON in UTF-8. */
  public byte[] encode(S record) {
    return JsonText.write(binding.write(record).orElseThrow());
  }

  /**
   * The record of this JSON.
   *
   * @throws dev.birgus.infra.json.JsonSyntaxException if it is none, saying which member is wrong
   */
  public S decode(byte[] data) {
    return type.cast(binding.read(JsonText.parse(data), "record"));
  }
}
