package dev.birgus.infra.oci;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.Optional;

/** What an image runs on, in Go's names: {@code linux/amd64}, {@code linux/arm/v7}. */
public record Platform(
    String os, String architecture, Optional<String> variant, Optional<String> osVersion) {

  public Platform {
    requireNonNull(os, "os");
    requireNonNull(architecture, "architecture");
    requireNonNull(variant, "variant");
    requireNonNull(osVersion, "osVersion");
    if (os.isEmpty() || architecture.isEmpty()) {
      throw new IllegalArgumentException(
          "a platform needs an operating system and an architecture");
    }
  }

  /** A platform without variant. */
  public static Platform of(String os, String architecture) {
    return new Platform(os, architecture, Optional.empty(), Optional.empty());
  }

  /**
   * Reads {@code os/architecture[/variant]} and normalises the common synonyms as containerd does
   * ({@code x86_64}, {@code aarch64}, {@code arm} without variant).
   *
   * @throws IllegalArgumentException if there are not two or three non-empty parts
   */
  public static Platform parse(String text) {
    var parts = text.toLowerCase(Locale.ROOT).split("/", -1);
    if (parts.length < 2 || parts.length > 3) {
      throw new IllegalArgumentException(
          "not a platform: \"" + text + "\" (write os/architecture or os/architecture/variant)");
    }
    for (var part : parts) {
      if (part.isEmpty() || !part.matches("[a-z0-9_.-]+")) {
        throw new IllegalArgumentException("not a platform: \"" + text + "\"");
      }
    }
    return normalised(parts[0], parts[1], parts.length == 3 ? parts[2] : "");
  }

  /** The platform of a JVM's {@code os.name} and {@code os.arch}. */
  public static Platform ofJvm(String osName, String osArch) {
    var os = osName.toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
    return normalised(os, osArch.toLowerCase(Locale.ROOT), "");
  }

  private static Platform normalised(String os, String architecture, String variant) {
    return switch (architecture) {
      case "x86_64", "x86-64", "amd64" ->
          new Platform(
              os, "amd64", nonEmpty(variant.equals("v1") ? "" : variant), Optional.empty());
      case "aarch64", "arm64" ->
          new Platform(
              os, "arm64", nonEmpty(variant.equals("v8") ? "" : variant), Optional.empty());
      case "armhf" -> new Platform(os, "arm", Optional.of("v7"), Optional.empty());
      case "armel" -> new Platform(os, "arm", Optional.of("v6"), Optional.empty());
      case "arm" ->
          new Platform(
              os, "arm", Optional.of(variant.isEmpty() ? "v7" : variant), Optional.empty());
      case "i386", "i486", "i586", "i686" ->
          new Platform(os, "386", nonEmpty(variant), Optional.empty());
      default -> new Platform(os, architecture, nonEmpty(variant), Optional.empty());
    };
  }

  private static Optional<String> nonEmpty(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  @Override
  public String toString() {
    return os + "/" + architecture + variant.map(v -> "/" + v).orElse("");
  }
}
