package dev.birgus.infra.oci;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonText;
import java.util.List;

/** A list of manifests, one per platform (OCI image index, Docker manifest list). */
public record ImageIndex(MediaType mediaType, List<Descriptor> manifests, Json.Obj other) {

  public ImageIndex {
    requireNonNull(mediaType, "mediaType");
    requireNonNull(other, "other");
    manifests = List.copyOf(manifests);
  }

  /**
   * Reads an index.
   *
   * @throws IllegalArgumentException if a descriptor in it is broken
   */
  public static ImageIndex parse(byte[] utf8, MediaType declared) {
    var json = JsonText.parseObject(utf8);
    var mediaType = json.string("mediaType").map(MediaType::new).orElse(declared);
    var manifests = json.array("manifests").stream().map(Descriptor::fromJson).toList();
    var other = json.without("mediaType").without("manifests").without("schemaVersion");
    return new ImageIndex(mediaType, manifests, other);
  }

  /** The bytes of the index. */
  public byte[] toBytes() {
    var json =
        Json.Obj.EMPTY
            .with("schemaVersion", Json.of(2))
            .with("mediaType", Json.of(mediaType.value()))
            .with(
                "manifests",
                new Json.Arr(manifests.stream().<Json>map(Descriptor::toJson).toList()));
    for (var member : other.members().entrySet()) {
      json = json.with(member.getKey(), member.getValue());
    }
    return JsonText.write(json);
  }
}
