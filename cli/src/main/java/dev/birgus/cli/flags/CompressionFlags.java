package dev.birgus.cli.flags;

import static dev.birgus.cli.flags.FlagParser.failure;

import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.LayerCompression;
import dev.birgus.infra.contracts.LayerCompression.Codec;
import java.util.Map;
import java.util.Optional;

/** What is said about the compression of layers. */
final class CompressionFlags {

  private static final String ENGINE = "gzip-engine";
  private static final String ENGINE_VARIABLE = "BIRGUS_GZIP_ENGINE";
  private static final String NO_ZSTD = "docker's types of images have no zstd layers";
  private static final String LEVEL = "compression-level";

  private CompressionFlags() {}

  /**
   * Reads it.
   *
   * @throws FailureException named {@code bad-flag-value}, {@code bad-variable} or {@code
   *     flags-exclude-each-other}
   */
  static LayerCompression read(ParsedFlags flags, Map<String, String> environment) {
    var codec = codec(flags, environment);
    if (codec == Codec.ZSTD) {
      refuseWithZstd(flags);
    }
    var level = flags.number(LEVEL);
    if (level < -1 || level > codec.highestLevel()) {
      throw failure(
          "bad-flag-value",
          "invalid argument \""
              + level
              + "\" for \"--"
              + LEVEL
              + "\" flag: write 1 to "
              + codec.highestLevel()
              + ", or -1 for the default",
          "");
    }
    return new LayerCompression(codec, level < 1 ? Optional.empty() : Optional.of(level));
  }

  private static Codec codec(ParsedFlags flags, Map<String, String> environment) {
    if (flags.text("compression").equals("zstd")) {
      return Codec.ZSTD;
    }
    var variable = environment.getOrDefault(ENGINE_VARIABLE, "");
    var engine = flags.isGiven(ENGINE) || variable.isEmpty() ? flags.text(ENGINE) : variable;
    return switch (engine) {
      case "jdk" -> Codec.GZIP;
      case "isal" -> Codec.GZIP_ISAL;
      default ->
          throw failure(
              "bad-variable",
              ENGINE_VARIABLE + "=" + variable + " is not an engine for gzip",
              "Set it to jdk or isal, or unset it.");
    };
  }

  private static void refuseWithZstd(ParsedFlags flags) {
    if (flags.isGiven(ENGINE)) {
      throw excluded("--" + ENGINE, "that is for gzip", "Leave one of them out.");
    }
    if (flags.nonEmpty("tar-path").isPresent()) {
      throw excluded("--tar-path", NO_ZSTD, "Write an OCI layout with --oci-layout-path instead.");
    }
    if (flags.text("image-format").equals("docker")) {
      throw excluded("--image-format=docker", NO_ZSTD, "Use --image-format=oci.");
    }
  }

  private static FailureException excluded(String other, String reason, String advice) {
    return failure(
        "flags-exclude-each-other",
        "--compression=zstd cannot be combined with " + other + ": " + reason,
        advice);
  }
}
