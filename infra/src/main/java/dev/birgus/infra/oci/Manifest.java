package dev.birgus.infra.oci;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonText;
import java.util.List;
import java.util.Map;

/**
 * The manifest of one image: its config and its layers, lowest first.
 *
 * @param other members we do not interpret, annotations included, kept when it is written again
 */
public record Manifest(
    MediaType mediaType, Descriptor config, List<Descriptor> layers, Json.Obj other) {

  public Manifest {
    requireNonNull(mediaType, "mediaType");
    requireNonNull(config, "config");
    requireNonNull(other, "other");
    layers = List.copyOf(layers);
  }

  /**
   * Reads an image manifest of the OCI or of Docker's schema 2.
   *
   * @throws IllegalArgumentException if a member the specification demands is missing or wrong
   */
  public static Manifest parse(byte[] utf8, MediaType declared) {
    var json = JsonText.parseObject(utf8);
    var mediaType = json.string("mediaType").map(MediaType::new).orElse(declared);
    var config = Descriptor.fromJson(json.object("config"));
    var layers = json.array("layers").stream().map(Descriptor::fromJson).toList();
    var other =
        json.without("mediaType").without("config").without("layers").without("schemaVersion");
    return new Manifest(mediaType, config, layers, other);
  }

  /** The manifest's annotations. */
  public Map<String, String> annotations() {
    return other.stringMap("annotations");
  }

  /** The bytes that are uploaded and whose digest names the image. */
  public byte[] toBytes() {
    var json =
        Json.Obj.EMPTY
            .with("schemaVersion", Json.of(2))
            .with("mediaType", Json.of(mediaType.value()))
            .with("config", config.toJson())
            .with("layers", new Json.Arr(layers.stream().<Json>map(Descriptor::toJson).toList()));
    for (var member : other.members().entrySet()) {
      json = json.with(member.getKey(), member.getValue());
    }
    return JsonText.write(json);
  }
}
