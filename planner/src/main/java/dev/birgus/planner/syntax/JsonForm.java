package dev.birgus.planner.syntax;

import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonSyntaxException;
import dev.birgus.infra.json.JsonText;
import java.util.ArrayList;
import java.util.List;

/** Whether arguments are in the JSON form: an array of strings, and nothing else. */
public sealed interface JsonForm {

  /** They are. */
  record Strings(List<String> items) implements JsonForm {
    public Strings {
      items = List.copyOf(items);
    }
  }

  /** They are a JSON array, but something in it is not a string. */
  record OtherItems() implements JsonForm {}

  /**
   * They are not JSON.
   *
   * @param lookedLikeIt whether whoever wrote them probably thought they were
   */
  record None(boolean lookedLikeIt) implements JsonForm {}

  /** The form of these arguments. */
  static JsonForm of(String arguments) {
    if (!arguments.startsWith("[")) {
      return new None(false);
    }
    if (!arguments.endsWith("]")) {
      return new None(looksLikeJson(arguments));
    }
    Json document;
    try {
      document = JsonText.parse(arguments);
    } catch (JsonSyntaxException _) {
      return new None(looksLikeJson(arguments));
    }
    var items = new ArrayList<String>();
    for (var item : document instanceof Json.Arr(var all) ? all : List.<Json>of()) {
      if (!(item instanceof Json.Str(var string))) {
        return new OtherItems();
      }
      items.add(string);
    }
    return new Strings(items);
  }

  /** A quote right after the bracket, where the shell's own {@code [} would need a space. */
  private static boolean looksLikeJson(String arguments) {
    var first = arguments.length() > 1 ? arguments.charAt(1) : ' ';
    return first == '"'
        || first == '\''
        || (arguments.endsWith("]") && (arguments.contains("\",") || arguments.contains("',")));
  }
}
