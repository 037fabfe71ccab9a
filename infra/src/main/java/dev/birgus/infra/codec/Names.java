package dev.birgus.infra.codec;

import java.util.Locale;

/** What types are called in JSON and in schemas. */
final class Names {

  private Names() {}

  /** The name of a type in a schema: with the type it is nested in, {@code Delivery.ToTar}. */
  static String of(Class<?> type) {
    var outer = type.getEnclosingClass();
    return outer == null ? type.getSimpleName() : of(outer) + "." + type.getSimpleName();
  }

  /** The simple name of a type in lower case with dashes: {@code to-digest-file}. */
  static String dashed(Class<?> type) {
    return type.getSimpleName().replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }
}
