package dev.birgus.infra.codec;

import dev.birgus.infra.json.Json;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Whole numbers that may be missing. */
enum OptionalNumberBinding implements Binding {
  INT,
  LONG;

  @Override
  public Optional<Json> write(Object value) {
    return switch (value) {
      case OptionalInt number when number.isPresent() -> Optional.of(Json.of(number.getAsInt()));
      case OptionalLong number when number.isPresent() -> Optional.of(Json.of(number.getAsLong()));
      default -> Optional.empty();
    };
  }

  @Override
  public Object read(Json json, String path) {
    return switch (this) {
      case INT -> OptionalInt.of((Integer) NumberBinding.INT.read(json, path));
      case LONG -> OptionalLong.of((Long) NumberBinding.LONG.read(json, path));
    };
  }

  @Override
  public Optional<Object> absent() {
    return Optional.of(
        switch (this) {
          case INT -> OptionalInt.empty();
          case LONG -> OptionalLong.empty();
        });
  }

  @Override
  public Json.Obj schema(Definitions definitions) {
    return NumberBinding.LONG.schema(definitions);
  }
}
