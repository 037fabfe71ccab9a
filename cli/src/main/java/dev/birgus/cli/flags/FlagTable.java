package dev.birgus.cli.flags;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every flag there is. Parser, help text and documentation are made from this table. */
public final class FlagTable {

  private static final List<Flag> ALL = collect();
  private static final Map<String, Flag> BY_NAME = index();
  private static final Map<Character, Flag> BY_LETTER = letters();

  private FlagTable() {}

  /** All flags, group by group. */
  public static List<Flag> all() {
    return ALL;
  }

  /** The flag with this name or other spelling. */
  public static Optional<Flag> find(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** The flag with this letter. */
  public static Optional<Flag> find(char letter) {
    return Optional.ofNullable(BY_LETTER.get(letter));
  }

  /** All names and spellings, in the order of the table. */
  public static List<String> names() {
    return List.copyOf(BY_NAME.keySet());
  }

  private static List<Flag> collect() {
    var flags = new ArrayList<Flag>();
    flags.addAll(ImageFlags.all());
    flags.addAll(RegistryFlags.all());
    flags.addAll(MachineFlags.all());
    flags.addAll(LookFlags.all());
    flags.addAll(PruneFlags.all());
    flags.addAll(LoginFlags.all());
    flags.addAll(RemoteFlags.all());
    return List.copyOf(flags);
  }

  private static Map<String, Flag> index() {
    var index = new LinkedHashMap<String, Flag>();
    for (var flag : ALL) {
      put(index, flag.name(), flag);
      for (var spelling : flag.spellings()) {
        put(index, spelling.name(), flag);
      }
    }
    return Collections.unmodifiableMap(index);
  }

  private static void put(Map<String, Flag> index, String name, Flag flag) {
    if (index.put(name, flag) != null) {
      throw new IllegalStateException("two flags are called --" + name);
    }
  }

  private static Map<Character, Flag> letters() {
    var index = new LinkedHashMap<Character, Flag>();
    for (var flag : ALL) {
      flag.shorthand().ifPresent(letter -> index.put(letter, flag));
    }
    return Collections.unmodifiableMap(index);
  }
}
