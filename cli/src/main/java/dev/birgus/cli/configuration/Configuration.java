package dev.birgus.cli.configuration;

import dev.birgus.cli.flags.ByteSize;
import dev.birgus.cli.flags.FlagValues;
import dev.birgus.infra.contracts.FailureException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The settings of a server as they were given: defaults, then a file, then variables, then flags,
 * the later ones counting. No value is looked up in the world.
 */
public final class Configuration {

  private static final String CLIENT_VARIABLE = "BIRGUS_KAFKA_CLIENT_";
  private static final String HIDDEN = "(hidden)";

  private final Map<String, Given> given;

  private Configuration(Map<String, Given> given) {
    this.given = given;
  }

  /**
   * Puts them together.
   *
   * @param file what a file says
   * @param flags what flags say
   */
  static Configuration of(
      Map<String, Given> file, Map<String, String> environment, Map<String, Given> flags) {
    var all = new LinkedHashMap<String, Given>();
    for (var setting : SettingsTable.all()) {
      all.put(setting.key(), new Given(setting.usual(), Given.DEFAULT));
    }
    all.putAll(file);
    for (var setting : SettingsTable.all()) {
      var value = environment.getOrDefault(setting.variable(), "");
      if (!value.isEmpty()) {
        all.put(setting.key(), new Given(value, setting.variable()));
      }
    }
    environment.forEach((variable, value) -> {
      if (variable.startsWith(CLIENT_VARIABLE) && variable.length() > CLIENT_VARIABLE.length()) {
        var name = variable.substring(CLIENT_VARIABLE.length()).toLowerCase(Locale.ROOT);
        all.put(SettingsTable.CLIENT + name.replace('_', '.'), new Given(value, variable));
      }
    });
    all.putAll(flags);
    var configuration = new Configuration(all);
    configuration.check();
    return configuration;
  }

  private void check() {
    for (var setting : SettingsTable.all()) {
      var value = text(setting.key());
      var fits =
          switch (setting.kind()) {
            case TEXT, LIST, PATH -> true;
            case NUMBER -> value.matches("[0-9]{1,9}");
            case DURATION -> duration(value).isPresent();
            case SIZE ->
                value.isEmpty() || value.equals("none") || ByteSize.parse(value).isPresent();
            case ADDRESS -> addressed(value).isPresent();
            case CHOICE -> setting.choices().contains(value);
          };
      if (!fits) {
        throw wrong(setting.key(), expected(setting));
      }
    }
  }

  private static String expected(Setting setting) {
    return setting.kind() == Setting.Kind.CHOICE
        ? "write one of " + String.join(", ", setting.choices())
        : "write a " + setting.kind().words();
  }

  /** What is said about a value that does not do. */
  FailureException wrong(String key, String expected) {
    var said = value(key);
    return ConfigurationFile.bad(
        said.origin() + ": " + key + " = " + shown(key, said.value()) + ": " + expected, "");
  }

  private Given value(String key) {
    var found = given.get(key);
    if (found == null) {
      throw new IllegalArgumentException("there is no setting " + key);
    }
    return found;
  }

  boolean isDefault(String key) {
    return value(key).isDefault();
  }

  String text(String key) {
    return value(key).value();
  }

  Optional<String> nonEmpty(String key) {
    return Optional.of(text(key)).filter(value -> !value.isEmpty());
  }

  int number(String key) {
    return Integer.parseInt(text(key));
  }

  List<String> list(String key) {
    return Arrays.stream(text(key).split(","))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .toList();
  }

  Duration duration(String key, Duration least) {
    var value = duration(text(key)).orElseThrow();
    if (value.compareTo(least) < 0) {
      throw wrong(key, "it is at least " + least.toSeconds() + "s");
    }
    return value;
  }

  /** Bytes; empty for "none" and if nobody said. */
  OptionalLong size(String key) {
    return text(key).equals("none") ? OptionalLong.empty() : ByteSize.parse(text(key));
  }

  ServeSettings.Address address(String key) {
    return addressed(text(key)).orElseThrow();
  }

  /** The properties every client of Kafka is given, without their prefix. */
  Map<String, Given> client() {
    var client = new LinkedHashMap<String, Given>();
    given.forEach((key, value) -> {
      if (key.startsWith(SettingsTable.CLIENT)) {
        client.put(key.substring(SettingsTable.CLIENT.length()), value);
      }
    });
    return client;
  }

  private static Optional<Duration> duration(String value) {
    return FlagValues.parseDuration(value).filter(time -> !time.isNegative());
  }

  private static Optional<ServeSettings.Address> addressed(String value) {
    var colon = value.lastIndexOf(':');
    if (colon < 1 || !value.substring(colon + 1).matches("[0-9]{1,5}")) {
      return Optional.empty();
    }
    var port = Integer.parseInt(value.substring(colon + 1));
    var host = value.substring(0, colon);
    var plain = host.startsWith("[") && host.endsWith("]");
    return port > 65535
        ? Optional.empty()
        : Optional.of(
            new ServeSettings.Address(plain ? host.substring(1, host.length() - 1) : host, port));
  }

  /** All settings as a file would have them, with who said so. No secret is shown. */
  public String print() {
    var lines = new ArrayList<String>();
    given.forEach((key, value) ->
        lines.add("# " + value.origin() + "\n" + key + " = " + shown(key, value.value()) + "\n"));
    return String.join("", lines);
  }

  private static String shown(String key, String value) {
    return ClientProperties.isSecret(key, value) ? HIDDEN : value;
  }

  /** Values are not told: there may be secrets among them. */
  @Override
  public String toString() {
    return "Configuration" + given.keySet();
  }
}
