package dev.birgus.infra.codec;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.ContextRef;
import dev.birgus.infra.contracts.FileMode;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.ImageConfig;
import dev.birgus.infra.oci.MediaType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** The bindings of all types the contracts are made of, each made once, when it is first needed. */
final class Bindings {

  private final Map<Type, Binding> byType = new HashMap<>();

  Bindings() {
    byType.put(String.class, TextBinding.PLAIN);
    byType.put(Digest.class, new TextBinding("digest", Digest::toString, Digest::parse));
    byType.put(
        StageId.class,
        new TextBinding("digest", StageId::toString, text -> new StageId(Digest.parse(text))));
    byType.put(BuildId.class, new TextBinding("build id", BuildId::value, BuildId::new));
    byType.put(ContextRef.class, new TextBinding("context", ContextRef::id, ContextRef::new));
    byType.put(MediaType.class, new TextBinding("media type", MediaType::value, MediaType::new));
    byType.put(FileMode.class, new TextBinding("file mode", FileMode::text, FileMode::parse));
    byType.put(Instant.class, new TextBinding("date-time", Instant::toString, Instant::parse));
    byType.put(Duration.class, new TextBinding("duration", Duration::toString, Duration::parse));
    byType.put(int.class, NumberBinding.INT);
    byType.put(Integer.class, NumberBinding.INT);
    byType.put(long.class, NumberBinding.LONG);
    byType.put(Long.class, NumberBinding.LONG);
    byType.put(boolean.class, new BooleanBinding());
    byType.put(Boolean.class, new BooleanBinding());
    byType.put(OptionalLong.class, OptionalNumberBinding.LONG);
    byType.put(OptionalInt.class, OptionalNumberBinding.INT);
    byType.put(Json.Obj.class, ObjectBinding.of(object -> object, object -> object));
    byType.put(
        ImageConfig.class, ObjectBinding.<ImageConfig>of(ImageConfig::json, ImageConfig::new));
    byType.put(
        Descriptor.class, ObjectBinding.<Descriptor>of(Descriptor::toJson, Descriptor::fromJson));
  }

  /**
   * The binding of a type.
   *
   * @throws IllegalArgumentException if it is none that may stand in a contract
   */
  synchronized Binding of(Type type) {
    var known = byType.get(type);
    if (known != null) {
      return known;
    }
    var made = make(type);
    byType.put(type, made);
    return made;
  }

  private Binding make(Type type) {
    return switch (type) {
      case Class<?> plain when plain.isEnum() -> new EnumBinding(plain);
      case Class<?> plain when plain.isRecord() -> new RecordBinding(plain, this);
      case Class<?> plain when plain.isSealed() -> new UnionBinding(plain, this);
      case ParameterizedType generic -> generic(generic);
      default -> throw new IllegalArgumentException(type + " cannot be sent");
    };
  }

  private Binding generic(ParameterizedType type) {
    var arguments = type.getActualTypeArguments();
    var raw = type.getRawType();
    if (raw.equals(Optional.class)) {
      return new OptionalBinding(of(arguments[0]));
    }
    if (raw.equals(List.class)) {
      return SequenceBinding.ofList(of(arguments[0]));
    }
    if (raw.equals(Set.class)) {
      return SequenceBinding.ofSet(of(arguments[0]));
    }
    if (raw.equals(Map.class) && of(arguments[0]) instanceof TextBinding key) {
      return new MapBinding(key, of(arguments[1]));
    }
    throw new IllegalArgumentException(type + " cannot be sent");
  }
}
