package dev.birgus.planner.lint;

import java.util.Locale;
import java.util.Set;

/** Tells by its name whether a variable holds a secret. */
final class SecretNames {

  private static final Set<String> SECRET =
      Set.of(
          "apikey",
          "auth",
          "credential",
          "credentials",
          "key",
          "password",
          "pword",
          "passwd",
          "secret",
          "token");

  private static final Set<String> HARMLESS = Set.of("public", "file", "version");

  private SecretNames() {}

  /** Whether a part of the name, parted by underscores, says so, and none takes it back. */
  static boolean isSecret(String name) {
    var secret = false;
    for (var part : name.toLowerCase(Locale.ROOT).split("_", -1)) {
      if (HARMLESS.contains(part)) {
        return false;
      }
      secret |= SECRET.contains(part);
    }
    return secret;
  }
}
