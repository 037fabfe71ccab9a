package dev.birgus.planner.instruct;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.planner.syntax.Excerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The value of a {@code RUN --mount}, taken apart but not expanded: variables may stand in every
 * value but that of {@code from}, for which stages are needed is asked before any has a value.
 *
 * @param written the whole flag as it stands in {@link Instruction.Run}
 * @param fields in the order written
 */
public record MountFlag(String written, List<Field> fields) {

  private static final Set<String> WITHOUT_VALUE =
      Set.of("readonly", "ro", "readwrite", "rw", "required");

  private static final Set<String> KEYS =
      Set.of(
          "type",
          "from",
          "source",
          "src",
          "target",
          "dst",
          "destination",
          "readonly",
          "ro",
          "readwrite",
          "rw",
          "id",
          "sharing",
          "required",
          "mode",
          "uid",
          "gid",
          "size",
          "env");

  public MountFlag {
    fields = List.copyOf(fields);
  }

  /**
   * An option.
   *
   * @param key in lower case, one of those there are
   * @param value a word that is not expanded yet; empty for an option without {@code =}
   */
  public record Field(String key, Optional<String> value) {

    @Override
    public String toString() {
      return key + value.map(text -> "=" + text).orElse("");
    }
  }

  /** The name after {@code from=}; of several the last. Memory is nobody's. */
  public Optional<String> from() {
    var isMemory = last("type").filter("tmpfs"::equalsIgnoreCase).isPresent();
    return isMemory ? Optional.empty() : last("from").filter(name -> !name.isEmpty());
  }

  private Optional<String> last(String key) {
    return fields.reversed().stream()
        .filter(field -> field.key().equals(key))
        .findFirst()
        .flatMap(Field::value);
  }

  /**
   * Takes a flag apart.
   *
   * @throws FailureException {@code invalid-mount}, without its place
   */
  static MountFlag parse(String written, int valueStart) {
    var value = written.substring(valueStart);
    if (value.isBlank()) {
      throw invalid(
          "--mount needs options, such as type=cache,target=/var/cache",
          "write them after the =, or leave the flag out");
    }
    return new MountFlag(written, split(value).stream().map(MountFlag::field).toList());
  }

  private static Field field(String text) {
    var equals = text.indexOf('=');
    var written = equals < 0 ? text : text.substring(0, equals);
    var key = written.toLowerCase(Locale.ROOT);
    if (!KEYS.contains(key)) {
      throw invalid(
          "--mount has no option " + Excerpt.of(written),
          Suggestion.orElse(
              key, KEYS, "it has " + String.join(", ", KEYS.stream().sorted().toList())));
    }
    if (equals < 0) {
      if (!WITHOUT_VALUE.contains(key)) {
        throw invalid("--mount: " + key + " has no value", "write " + key + "=…");
      }
      return new Field(key, Optional.empty());
    }
    var word = text.substring(equals + 1);
    var dollar = word.indexOf('$');
    if (key.equals("from") && dollar >= 0 && dollar < word.length() - 1) {
      throw invalid(
          "--mount: from=" + word + ": there can be no variable in it",
          "give the image a name with FROM " + word + " AS name, and write from=name");
    }
    return new Field(key, Optional.of(word));
  }

  /** The fields of one record of comma-separated values (RFC 4180). */
  private static List<String> split(String value) {
    var fields = new ArrayList<String>();
    var at = 0;
    while (at <= value.length()) {
      if (at < value.length() && value.charAt(at) == '"') {
        var field = new StringBuilder();
        at = quoted(value, at + 1, field);
        fields.add(field.toString());
      } else {
        var comma = value.indexOf(',', at);
        var end = comma < 0 ? value.length() : comma;
        fields.add(value.substring(at, end));
        at = end;
      }
      at++;
    }
    return fields;
  }

  private static int quoted(String value, int from, StringBuilder field) {
    for (var at = from; at < value.length(); at++) {
      var character = value.charAt(at);
      if (character != '"') {
        field.append(character);
      } else if (value.startsWith("\"\"", at)) {
        field.append('"');
        at++;
      } else if (at + 1 == value.length() || value.charAt(at + 1) == ',') {
        return at + 1;
      } else {
        break;
      }
    }
    throw invalid(
        "--mount: a quote does not end with its option in " + Excerpt.of(value),
        "put quotes around a whole option, key and value");
  }

  private static FailureException invalid(String message, String advice) {
    return Failure.of("invalid-mount", message, advice).toException();
  }
}
