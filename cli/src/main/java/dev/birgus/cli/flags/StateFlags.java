package dev.birgus.cli.flags;

import dev.birgus.executor.stage.RootStorage;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What is said about the state folder, by flag or by variable. */
final class StateFlags {

  private StateFlags() {}

  /** The folder. */
  static String directory(ParsedFlags flags, Map<String, String> environment, String usual) {
    return flags
        .nonEmpty("state-dir")
        .or(() -> variable(environment, "BIRGUS_STATE_DIR"))
        .orElse(usual);
  }

  /**
   * How many bytes may be left in it: {@link Long#MAX_VALUE} for any number, empty if nobody said.
   *
   * @throws dev.birgus.infra.contracts.FailureException named {@code bad-flag-value}
   */
  static OptionalLong limit(ParsedFlags flags, Map<String, String> environment) {
    if (flags.isGiven("state-limit")) {
      return limit("--state-limit", flags.text("state-limit"));
    }
    var variable = variable(environment, "BIRGUS_STATE_LIMIT");
    return variable.isPresent()
        ? limit("BIRGUS_STATE_LIMIT", variable.get())
        : OptionalLong.empty();
  }

  /**
   * How root file systems are kept.
   *
   * @throws dev.birgus.infra.contracts.FailureException named {@code bad-flag-value}
   */
  static RootStorage storage(ParsedFlags flags, Map<String, String> environment) {
    var variable = variable(environment, "BIRGUS_STORAGE");
    var word =
        flags.isGiven("storage") || variable.isEmpty() ? flags.text("storage") : variable.get();
    return switch (word) {
      case "auto" -> RootStorage.AUTO;
      case "overlay" -> RootStorage.OVERLAY;
      case "tree" -> RootStorage.TREE;
      default ->
          throw FlagParser.failure(
              "bad-flag-value",
              "invalid value \"" + word + "\" for BIRGUS_STORAGE",
              "Use auto, overlay or tree.");
    };
  }

  private static OptionalLong limit(String name, String value) {
    return value.equals("none") ? OptionalLong.of(Long.MAX_VALUE) : bytes(name, value);
  }

  /** The amount a flag or a variable names. */
  static OptionalLong bytes(String name, String value) {
    var bytes = ByteSize.parse(value);
    if (bytes.isEmpty()) {
      throw FlagParser.failure(
          "bad-flag-value",
          "invalid size \"" + value + "\" for " + name,
          "Write a number with a unit, such as 500MB or 20GiB.");
    }
    return bytes;
  }

  private static Optional<String> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }
}
