package dev.birgus.infra.oci;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.json.Json;
import java.util.Map;
import java.util.Optional;

/**
 * What a blob is, how large it is and what its bytes must hash to (OCI content descriptor).
 *
 * @param mediaType what the bytes are
 * @param digest what they hash to
 * @param size their number, in bytes, 0 or more
 * @param other members of the descriptor we do not interpret, kept when it is written again
 */
public record Descriptor(MediaType mediaType, Digest digest, long size, Json.Obj other) {

  public Descriptor {
    requireNonNull(mediaType, "mediaType");
    requireNonNull(digest, "digest");
    requireNonNull(other, "other");
    if (size < 0) {
      throw new IllegalArgumentException("negative size in descriptor of " + digest);
    }
  }

  /** A descriptor without further members. */
  public static Descriptor of(MediaType mediaType, Digest digest, long size) {
    return new Descriptor(mediaType, digest, size, Json.Obj.EMPTY);
  }

  /**
   * Reads a descriptor out of a manifest or an index.
   *
   * @throws IllegalArgumentException if media type, digest or size are missing or wrong
   */
  public static Descriptor fromJson(Json json) {
    if (!(json instanceof Json.Obj object)) {
      throw new IllegalArgumentException("a descriptor must be a JSON object");
    }
    var mediaType = object.string("mediaType").orElse("");
    var digest =
        object
            .string("digest")
            .map(Digest::parse)
            .orElseThrow(() -> new IllegalArgumentException("a descriptor has no digest"));
    var size =
        object
            .number("size")
            .orElseThrow(() -> new IllegalArgumentException("no size for " + digest));
    var other = object.without("mediaType").without("digest").without("size");
    return new Descriptor(new MediaType(mediaType), digest, size, other);
  }

  /** The descriptor as the specification writes it. */
  public Json.Obj toJson() {
    var json =
        Json.Obj.EMPTY
            .with("mediaType", Json.of(mediaType.value()))
            .with("size", Json.of(size))
            .with("digest", Json.of(digest.toString()));
    for (var member : other.members().entrySet()) {
      json = json.with(member.getKey(), member.getValue());
    }
    return json;
  }

  /** The platform an index says this manifest is for. */
  public Optional<Platform> platform() {
    var json = other.object("platform");
    var os = json.string("os").orElse("");
    var architecture = json.string("architecture").orElse("");
    if (os.isEmpty() || architecture.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Platform(
            os,
            architecture,
            json.string("variant").filter(text -> !text.isEmpty()),
            json.string("os.version").filter(text -> !text.isEmpty())));
  }

  /** The descriptor's annotations. */
  public Map<String, String> annotations() {
    return other.stringMap("annotations");
  }

  /** The same blob under another media type. */
  public Descriptor withMediaType(MediaType type) {
    return new Descriptor(type, digest, size, other);
  }
}
