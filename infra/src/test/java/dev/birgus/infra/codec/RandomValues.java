package dev.birgus.infra.codec;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.ContextRef;
import dev.birgus.infra.contracts.FileMode;
import dev.birgus.infra.contracts.Plan;
import dev.birgus.infra.contracts.ResolvedImage;
import dev.birgus.infra.contracts.Scheduling;
import dev.birgus.infra.contracts.Stage;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.ImageConfig;
import dev.birgus.infra.oci.Manifest;
import dev.birgus.infra.oci.MediaType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

/** Random values of the types the contracts are made of. What a record refuses is tried again. */
final class RandomValues {

  private static final List<String> TEXTS =
      List.of(
          "",
          "name",
          "/a/b",
          "/",
          "é 🦀\n\t\"\\",
          "a:b",
          "0644",
          "registry.test:5000",
          "\0x",
          "r/s");
  private static final int TRIES = 10_000;
  private static final int DEEPEST = 12;

  private final Random random;
  private int depth;

  RandomValues(long seed) {
    random = new Random(seed);
  }

  Object of(Type type) {
    depth++;
    try {
      return type instanceof ParameterizedType generic ? generic(generic) : plain((Class<?>) type);
    } finally {
      depth--;
    }
  }

  private Object generic(ParameterizedType type) {
    var arguments = type.getActualTypeArguments();
    var raw = type.getRawType();
    if (raw.equals(Optional.class)) {
      return random.nextBoolean() && depth < DEEPEST
          ? Optional.of(of(arguments[0]))
          : Optional.empty();
    }
    var items = new ArrayList<Object>();
    for (var i = depth < DEEPEST ? random.nextInt(3) : 0; i > 0; i--) {
      items.add(of(arguments[0]));
    }
    if (raw.equals(List.class)) {
      return items;
    }
    if (raw.equals(Set.class)) {
      return new HashSet<>(items);
    }
    var map = new LinkedHashMap<Object, Object>();
    items.forEach(key -> map.put(key, of(arguments[1])));
    return map;
  }

  private Object plain(Class<?> type) {
    if (type == String.class) {
      return TEXTS.get(random.nextInt(TEXTS.size()));
    }
    if (type == int.class || type == Integer.class) {
      return random.nextInt(300);
    }
    if (type == long.class || type == Long.class) {
      return random.nextLong(1L << 40);
    }
    if (type == boolean.class || type == Boolean.class) {
      return random.nextBoolean();
    }
    if (type.isEnum()) {
      var constants = type.getEnumConstants();
      return constants[random.nextInt(constants.length)];
    }
    if (type.isSealed() && type != Json.class) {
      var choices = type.getPermittedSubclasses();
      return of(choices[random.nextInt(choices.length)]);
    }
    return value(type);
  }

  private Object value(Class<?> type) {
    return switch (type.getSimpleName()) {
      case "Digest" -> Digest.sha256(bytes());
      case "StageId" -> new StageId(Digest.sha256(bytes()));
      case "BuildId" -> new BuildId("b" + random.nextInt(100));
      case "ContextRef" -> new ContextRef("context-" + random.nextInt(9));
      case "MediaType" -> MediaType.OCI_LAYER_GZIP;
      case "Scheduling" ->
          new Scheduling(
              "tenant-" + random.nextInt(9),
              random.nextInt(201) - 100,
              random.nextBoolean() ? Optional.of("refs/heads/main") : Optional.empty(),
              random.nextBoolean() ? Optional.of(Duration.ofMinutes(5)) : Optional.empty(),
              Scheduling.DEFAULT_POOL,
              random.nextBoolean());
      case "FileMode" -> FileMode.parse(random.nextBoolean() ? "0755" : "u+x,go=r");
      case "Instant" -> Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
      case "Duration" -> Duration.ofMillis(random.nextInt());
      case "OptionalInt" ->
          random.nextBoolean() ? OptionalInt.of(random.nextInt(99)) : OptionalInt.empty();
      case "OptionalLong" ->
          random.nextBoolean() ? OptionalLong.of(random.nextInt(99)) : OptionalLong.empty();
      case "Obj" -> Json.Obj.EMPTY.with("future", Json.of(random.nextInt()));
      case "Descriptor" ->
          new Descriptor(
              MediaType.OCI_LAYER,
              Digest.sha256(bytes()),
              random.nextInt(1 << 30),
              Json.Obj.EMPTY.with("annotations", Json.ofStrings(Map.of("a", "b"))));
      case "ImageConfig" -> new ImageConfig(Json.Obj.EMPTY.with("x", Json.of("y")));
      case "ResolvedImage" -> image();
      case "Plan" -> plan();
      default -> record(type);
    };
  }

  /** An image whose manifest and configuration agree. */
  private ResolvedImage image() {
    var image = Json.Obj.EMPTY.with("type", Json.of("layers"));
    var config = new ImageConfig(Json.Obj.EMPTY.with("rootfs", image));
    var manifest = (Manifest) of(Manifest.class);
    return new ResolvedImage(
        "base",
        (dev.birgus.infra.contracts.ImageSource) of(dev.birgus.infra.contracts.ImageSource.class),
        Digest.sha256(bytes()),
        new Manifest(manifest.mediaType(), manifest.config(), List.of(), manifest.other()),
        config);
  }

  private Plan plan() {
    var stage = (Stage) of(Stage.class);
    return new Plan(List.of(stage), stage.id(), List.of(), Optional.empty());
  }

  private Object record(Class<?> type) {
    IllegalArgumentException refused = new IllegalArgumentException(type.toString());
    for (var i = 0; i < TRIES; i++) {
      try {
        return make(type);
      } catch (IllegalArgumentException again) {
        refused = again;
      }
    }
    throw refused;
  }

  private Object make(Class<?> type) {
    var components = type.getRecordComponents();
    var values = new Object[components.length];
    var types = new Class<?>[components.length];
    for (var i = 0; i < components.length; i++) {
      RecordComponent component = components[i];
      types[i] = component.getType();
      values[i] = of(component.getGenericType());
    }
    try {
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (InvocationTargetException refused) {
      if (refused.getCause() instanceof IllegalArgumentException why) {
        throw why;
      }
      throw new AssertionError(refused.getCause());
    } catch (ReflectiveOperationException impossible) {
      throw new LinkageError(impossible.getMessage(), impossible);
    }
  }

  private byte[] bytes() {
    return String.valueOf(random.nextInt()).getBytes(StandardCharsets.UTF_8);
  }
}
