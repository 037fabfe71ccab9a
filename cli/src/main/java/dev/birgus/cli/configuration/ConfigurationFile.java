package dev.birgus.cli.configuration;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A file of settings: {@code name = value}, one a line. Empty lines, and lines that begin with a #,
 * are not read. There is no quoting and nothing goes on in the next line.
 */
final class ConfigurationFile {

  private ConfigurationFile() {}

  /**
   * Reads a file.
   *
   * @throws FailureException {@code bad-configuration} naming file and line
   */
  static Map<String, Given> read(Path file) {
    try {
      return parse(Files.readString(file), file.toString());
    } catch (MalformedInputException noText) {
      throw bad(file + " is no text in UTF-8", "");
    } catch (IOException failed) {
      throw bad(
          "cannot read the configuration "
              + file
              + ": "
              + (Files.exists(file) ? "no permission, or no file" : "there is no such file"),
          "Give --config the path of a file.");
    }
  }

  /** Reads text. */
  static Map<String, Given> parse(String text, String name) {
    var given = new LinkedHashMap<String, Given>();
    var number = 0;
    for (var line : text.lines().toList()) {
      number++;
      var stripped = line.strip();
      if (!stripped.isEmpty() && !stripped.startsWith("#")) {
        var place = name + ", line " + number;
        var equals = stripped.indexOf('=');
        if (equals < 1) {
          // The line is not shown: it may be a secret.
          throw bad(place + " is not of the form name = value", "");
        }
        var key = stripped.substring(0, equals).strip();
        if (SettingsTable.find(key).isEmpty() && !isClientProperty(key)) {
          throw unknown(key, place);
        }
        if (given.put(key, new Given(stripped.substring(equals + 1).strip(), place)) != null) {
          throw bad(place + ": the setting " + key + " is there twice", "Leave one out.");
        }
      }
    }
    return given;
  }

  private static boolean isClientProperty(String key) {
    return key.startsWith(SettingsTable.CLIENT) && key.length() > SettingsTable.CLIENT.length();
  }

  static FailureException unknown(String key, String place) {
    var near =
        nearest(key).map(name -> "Did you mean " + name + "? ").orElse("")
            + "All are listed by birgus serve --help.";
    return bad(place + ": there is no setting " + key, near);
  }

  private static Optional<String> nearest(String key) {
    var last = key.substring(key.lastIndexOf('.') + 1);
    return SettingsTable.all().stream()
        .map(Setting::key)
        .filter(
            name -> name.endsWith("." + last) || name.startsWith(key) || key.startsWith(name + "."))
        .findFirst();
  }

  static FailureException bad(String message, String advice) {
    return Failure.of("bad-configuration", message, advice).toException();
  }
}
