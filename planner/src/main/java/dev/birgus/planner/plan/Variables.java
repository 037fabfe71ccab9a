package dev.birgus.planner.plan;

import dev.birgus.planner.expand.Scope;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The variables of one stage while its instructions are gone through. ENV and ARG share one
 * namespace in which the later instruction wins, as in BuildKit; only ENV reaches the image.
 */
final class Variables {

  private final Map<String, String> values;
  private final Map<String, Optional<String>> declared;

  private Variables(Map<String, String> values, Map<String, Optional<String>> declared) {
    this.values = new LinkedHashMap<>(values);
    this.declared = new LinkedHashMap<>(declared);
  }

  /** The variables of a stage whose base has this environment. */
  static Variables of(Map<String, String> environment) {
    return new Variables(environment, Map.of());
  }

  /** A copy, for a stage built on the one these belong to. */
  Variables copy() {
    return new Variables(values, declared);
  }

  /** Sets an environment variable. */
  void set(String name, String value) {
    values.put(name, value);
  }

  /** Declares an argument; without a value it leaves a variable of its name as it is. */
  void declare(String name, Optional<String> value) {
    declared.put(name, value);
    if (!Globals.isForBuilder(name)) {
      value.ifPresent(known -> values.put(name, known));
    }
  }

  /** Every variable that has a value. */
  Map<String, String> values() {
    return Collections.unmodifiableMap(values);
  }

  /** The declared arguments with the values a command sees, an empty one where there is none. */
  Map<String, String> arguments() {
    var arguments = new LinkedHashMap<String, String>();
    declared.forEach(
        (name, value) -> arguments.put(name, values.getOrDefault(name, value.orElse(""))));
    return arguments;
  }

  /** The values as they are whenever they are looked up. */
  Scope scope() {
    return scope(values);
  }

  static Scope scope(Map<String, String> values) {
    return name -> Optional.ofNullable(values.get(name));
  }
}
