package dev.birgus.infra.oci;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The configuration of an image (OCI image configuration). It is a view on the whole JSON object,
 * so what a base image carries beyond the specification passes through.
 */
public record ImageConfig(Json.Obj json) {

  private static final String CONFIG = "config";

  public ImageConfig {
    requireNonNull(json, "json");
  }

  /** The configuration of an image with nothing in it. */
  public static ImageConfig scratch(Platform platform) {
    return new ImageConfig(Json.Obj.EMPTY).withPlatform(platform);
  }

  /**
   * Reads a configuration blob.
   *
   * @throws dev.birgus.infra.json.JsonSyntaxException if it is not a JSON object
   */
  public static ImageConfig parse(byte[] utf8) {
    return new ImageConfig(JsonText.parseObject(utf8));
  }

  /** The bytes of the blob. */
  public byte[] toBytes() {
    return JsonText.write(json);
  }

  /** What the image says it runs on; {@code linux/amd64} parts may be missing in odd images. */
  public Optional<Platform> platform() {
    var os = json.string("os").orElse("");
    var architecture = json.string("architecture").orElse("");
    if (os.isEmpty() || architecture.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Platform(os, architecture, json.string("variant"), json.string("os.version")));
  }

  /** This configuration for another platform. */
  public ImageConfig withPlatform(Platform platform) {
    var changed =
        json.with("architecture", Json.of(platform.architecture()))
            .with("os", Json.of(platform.os()))
            .without("variant");
    if (platform.variant().isPresent()) {
      changed = changed.with("variant", Json.of(platform.variant().get()));
    }
    if (platform.osVersion().isPresent()) {
      changed = changed.with("os.version", Json.of(platform.osVersion().get()));
    }
    return new ImageConfig(changed);
  }

  /** The {@code config} member: what a container of the image starts with. */
  public Json.Obj container() {
    return json.object(CONFIG);
  }

  /** This configuration with a member of {@code config} set. */
  public ImageConfig with(String name, Json value) {
    return new ImageConfig(json.with(CONFIG, container().with(name, value)));
  }

  /** This configuration without a member of {@code config}. */
  public ImageConfig without(String name) {
    return new ImageConfig(json.with(CONFIG, container().without(name)));
  }

  /** The environment, in order. A later entry of the same name wins. */
  public Map<String, String> env() {
    var result = new LinkedHashMap<String, String>();
    for (var entry : container().strings("Env")) {
      var equals = entry.indexOf('=');
      if (equals > 0) {
        result.put(entry.substring(0, equals), entry.substring(equals + 1));
      } else if (!entry.isEmpty()) {
        result.put(entry, "");
      }
    }
    return java.util.Collections.unmodifiableMap(result);
  }

  /** This configuration with another environment. */
  public ImageConfig withEnv(Map<String, String> env) {
    var entries = new ArrayList<String>();
    env.forEach((name, value) -> entries.add(name + "=" + value));
    return with("Env", Json.ofStrings(entries));
  }

  /** The user steps and containers run as: name or id, optionally with {@code :group}. */
  public String user() {
    return container().string("User").orElse("");
  }

  /** The working directory, or the root. */
  public String workingDirectory() {
    return container().string("WorkingDir").filter(dir -> !dir.isEmpty()).orElse("/");
  }

  /** Triggers for images built on this one. */
  public List<String> onBuild() {
    return container().strings("OnBuild");
  }

  /** The shell of shell-form instructions, if the image sets one. */
  public List<String> shell() {
    return container().strings("Shell");
  }

  /** The image's labels. */
  public Map<String, String> labels() {
    return container().stringMap("Labels");
  }

  /** The digests of the uncompressed layers, lowest first. */
  public List<Digest> diffIds() {
    return json.object("rootfs").strings("diff_ids").stream().map(Digest::parse).toList();
  }

  /** How the layers came to be, oldest first. */
  public List<Json.Obj> history() {
    return json.array("history").stream()
        .filter(Json.Obj.class::isInstance)
        .map(Json.Obj.class::cast)
        .toList();
  }

  /** This configuration with its layers, its history and the time it was finished (RFC 3339). */
  public ImageConfig finished(List<Digest> diffIds, List<Json.Obj> history, String created) {
    var rootfs =
        Json.Obj.EMPTY
            .with("type", Json.of("layers"))
            .with("diff_ids", Json.ofStrings(diffIds.stream().map(Digest::toString).toList()));
    return new ImageConfig(
        json.with("created", Json.of(created))
            .with("rootfs", rootfs)
            .with("history", new Json.Arr(List.copyOf(history))));
  }
}
