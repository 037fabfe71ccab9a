package dev.birgus.ingest.service;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The repeatable {@code name=value} flags. The last value given for a name counts. */
final class Pairs {

  private Pairs() {}

  /**
   * Build arguments. A name alone takes its value from the environment; one that is not set there
   * is empty, as with kaniko (docker would leave it undeclared).
   */
  static Map<String, String> buildArguments(List<String> values, Map<String, String> environment) {
    var arguments = new LinkedHashMap<String, String>();
    for (var value : values) {
      var equals = value.indexOf('=');
      var name = equals < 0 ? value : value.substring(0, equals);
      if (name.isEmpty()) {
        throw malformed("build-arg", "a value without a name", "NAME=value or NAME");
      }
      // Asking for a name again puts it at the end, where its last value was given.
      arguments.remove(name);
      arguments.put(
          name, equals < 0 ? environment.getOrDefault(name, "") : value.substring(equals + 1));
    }
    return arguments;
  }

  /** Labels, or named contexts: both parts of each must be there. */
  static Map<String, String> parse(String flag, List<String> values) {
    var pairs = new LinkedHashMap<String, String>();
    for (var value : values) {
      var equals = value.indexOf('=');
      if (equals < 1) {
        throw malformed(flag, "\"" + value + "\"", "name=value");
      }
      pairs.remove(value.substring(0, equals));
      pairs.put(value.substring(0, equals), value.substring(equals + 1));
    }
    return pairs;
  }

  private static FailureException malformed(String flag, String got, String form) {
    return Failure.of(
            "bad-flag-value",
            "--" + flag + " must be of the form " + form + ", got " + got,
            "Correct the flag.")
        .toException();
  }
}
