package dev.birgus.cli.configuration;

import dev.birgus.infra.contracts.FailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The properties every client of Kafka is given, with what they refer to put in: {@code
 * ${file:/run/secrets/password}} and {@code ${env:NAME}}. Secrets are given so and in no other way.
 */
final class ClientProperties {

  private static final Pattern REFERENCE = Pattern.compile("\\$\\{(file|env):([^}]+)}");
  private static final long LONGEST = 1 << 20;

  private ClientProperties() {}

  /** Whether a value may be a secret, or hold one. */
  static boolean isSecret(String key, String value) {
    var name = key.toLowerCase(Locale.ROOT);
    return key.startsWith(SettingsTable.CLIENT)
        && (name.contains("password")
            || name.contains("secret")
            || name.endsWith(".key")
            || name.endsWith("jaas.config"))
        && !value.isEmpty();
  }

  /**
   * The properties with all references followed.
   *
   * @throws FailureException {@code bad-configuration} if a secret stands there itself, or a
   *     reference leads nowhere
   */
  static Map<String, String> resolve(Map<String, Given> client, Map<String, String> environment) {
    var resolved = new LinkedHashMap<String, String>();
    client.forEach((name, given) -> {
      if (isBare(name, given.value())) {
        throw ConfigurationFile.bad(
            given.origin() + ": " + SettingsTable.CLIENT + name + " is a secret itself",
            "Write ${file:PATH} or ${env:NAME} in its place.");
      }
      resolved.put(
          name,
          REFERENCE
              .matcher(given.value())
              .replaceAll(match ->
                  Matcher.quoteReplacement(
                      value(match.group(1), match.group(2), given, environment))));
    });
    return resolved;
  }

  /** A configuration of JAAS is bare if it has a password that is not a reference. */
  private static boolean isBare(String name, String value) {
    if (!isSecret(SettingsTable.CLIENT + name, value)) {
      return false;
    }
    var rest = REFERENCE.matcher(value).replaceAll("");
    return name.endsWith("jaas.config")
        ? rest.matches("(?is).*(password|secret)\\s*=\\s*\"?[^\"\\s;].*")
        : !rest.isBlank();
  }

  private static String value(
      String kind, String name, Given given, Map<String, String> environment) {
    if (kind.equals("env")) {
      var value = environment.get(name);
      if (value == null) {
        throw ConfigurationFile.bad(
            given.origin() + ": the variable " + name + " is not set", "Set it.");
      }
      return value;
    }
    var file = Path.of(name);
    try {
      if (Files.size(file) > LONGEST) {
        throw ConfigurationFile.bad(given.origin() + ": " + file + " is too large", "");
      }
      return Files.readString(file).strip();
    } catch (IOException failed) {
      throw ConfigurationFile.bad(
          given.origin() + ": the file " + file + " cannot be read",
          "Check that it is there, and who may read it.");
    }
  }
}
