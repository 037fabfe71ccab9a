package dev.birgus.planner.service;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.ResolvedImage;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonText;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.ImageConfig;
import dev.birgus.infra.oci.Manifest;
import dev.birgus.infra.oci.MediaType;
import dev.birgus.infra.oci.Platform;
import dev.birgus.planner.resolve.BaseImages;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Images whose configurations are lines of a test; it notes what was asked for. */
public final class InMemoryImages implements BaseImages {

  private final Map<String, String> configs = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();

  /**
   * Adds an image.
   *
   * @param config its JSON; without an {@code os} it is for every platform asked for
   */
  public void add(String name, String config) {
    configs.put(name, config);
  }

  /** Every name and platform that was asked for. */
  public List<String> asked() {
    return asked.stream().sorted().toList();
  }

  @Override
  public ResolvedImage resolve(String name, ImageSource source, Platform platform) {
    asked.add(name + " for " + platform);
    var text = configs.get(name);
    if (text == null) {
      throw Failure.of("no-such-image", "there is no image " + name, "check its name")
          .toException();
    }
    var config = new ImageConfig(JsonText.parseObject(text.getBytes(StandardCharsets.UTF_8)));
    if (config.json().get("os").isEmpty()) {
      config = config.withPlatform(platform);
    }
    var bytes = config.toBytes();
    var manifest =
        new Manifest(
            MediaType.OCI_MANIFEST,
            Descriptor.of(MediaType.OCI_CONFIG, Digest.sha256(bytes), bytes.length),
            List.of(),
            Json.Obj.EMPTY);
    return new ResolvedImage(name, source, Digest.sha256(manifest.toBytes()), manifest, config);
  }
}
