package dev.birgus.ingest.api;

import java.util.Locale;
import java.util.Optional;

/** What the holder of a token may do. */
public enum Role {
  /** See builds and what they print. */
  READ,
  /** Also submit builds, and cancel them. */
  SUBMIT;

  /** The role of this word. */
  static Optional<Role> named(String word) {
    for (var role : values()) {
      if (role.word().equals(word)) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether who has this role may do what the other one is for. */
  boolean covers(Role other) {
    return compareTo(other) >= 0;
  }
}
