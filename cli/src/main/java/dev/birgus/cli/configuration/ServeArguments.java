package dev.birgus.cli.configuration;

import dev.birgus.infra.contracts.FailureException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The command line of {@code birgus serve}: {@code --name value} or {@code --name=value} for each
 * setting, and three flags that are none.
 *
 * @param help whether the help text is asked for
 * @param print whether the settings are to be printed, and nothing else to be done
 * @param file of settings; empty for none
 * @param given settings by their names
 */
public record ServeArguments(
    boolean help, boolean print, Optional<String> file, Map<String, String> given) {

  private static final String CLIENT_FLAG = "kafka-client";

  public ServeArguments {
    given = Map.copyOf(given);
  }

  /**
   * Reads the words after {@code serve}.
   *
   * @throws FailureException {@code unknown-flag} or {@code bad-configuration}
   */
  public static ServeArguments read(List<String> words) {
    var given = new LinkedHashMap<String, String>();
    var help = false;
    var print = false;
    var file = Optional.<String>empty();
    for (var at = 0; at < words.size(); at++) {
      var word = words.get(at);
      if (word.equals("--help") || word.equals("-h")) {
        help = true;
      } else if (word.equals("--print-config")) {
        print = true;
      } else {
        var equals = word.indexOf('=');
        var name = name(equals < 0 ? word : word.substring(0, equals));
        if (equals < 0 && at + 1 == words.size()) {
          throw ConfigurationFile.bad("the flag --" + name + " needs a value", "");
        }
        var value = equals < 0 ? words.get(++at) : word.substring(equals + 1);
        if (name.equals("config")) {
          file = Optional.of(value);
        } else {
          put(given, name, value);
        }
      }
    }
    return new ServeArguments(help, print, file, given);
  }

  private static String name(String word) {
    if (!word.startsWith("--") || word.length() < 3) {
      throw ConfigurationFile.bad(
          "\"" + word + "\" is no flag of the command serve",
          "Flags are listed by birgus serve --help.");
    }
    return word.substring(2);
  }

  private static void put(Map<String, String> given, String name, String value) {
    if (name.equals(CLIENT_FLAG)) {
      var equals = value.indexOf('=');
      if (equals < 1) {
        throw ConfigurationFile.bad("--kafka-client needs PROPERTY=VALUE", "");
      }
      given.put(SettingsTable.CLIENT + value.substring(0, equals), value.substring(equals + 1));
      return;
    }
    var setting = SettingsTable.byFlag(name);
    if (setting.isEmpty()) {
      throw ConfigurationFile.unknown("--" + name, "the command line");
    }
    given.put(setting.get().key(), value);
  }

  /** All settings: defaults, file, variables, flags. */
  public Configuration configuration(Map<String, String> environment, Path workingDirectory) {
    var flags = new LinkedHashMap<String, Given>();
    given.forEach((key, value) -> flags.put(key, new Given(value, "the command line")));
    var settings =
        file.or(() -> Optional.ofNullable(environment.get("BIRGUS_CONFIG")))
            .map(name -> ConfigurationFile.read(workingDirectory.resolve(name)))
            .orElse(Map.of());
    return Configuration.of(settings, environment, flags);
  }
}
