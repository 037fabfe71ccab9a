package dev.birgus.infra.registry;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How a registry wants to be authenticated to: one challenge of a {@code WWW-Authenticate} header
 * (RFC 9110). Parameters without quotes are read too, whatever they contain up to a comma.
 *
 * @param scheme in lower case
 * @param parameters by names in lower case
 */
record Challenge(String scheme, Map<String, String> parameters) {

  Challenge {
    requireNonNull(scheme, "scheme");
    parameters = Map.copyOf(parameters);
  }

  Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name)).filter(value -> !value.isEmpty());
  }

  /** The challenges in these header values, in order. What cannot be understood is left out. */
  static List<Challenge> parse(List<String> headers) {
    var result = new ArrayList<Challenge>();
    for (var header : headers) {
      new Reader(header).readInto(result);
    }
    return List.copyOf(result);
  }

  private static final class Reader {
    private final String text;
    private int at;

    Reader(String text) {
      this.text = text;
    }

    void readInto(List<Challenge> result) {
      var scheme = "";
      Map<String, String> parameters = new LinkedHashMap<>();
      while (skipSeparators()) {
        var word = token();
        if (word.isEmpty()) {
          at++;
          continue;
        }
        skipSpaces();
        if (at < text.length() && text.charAt(at) == '=') {
          at++;
          skipSpaces();
          parameters.putIfAbsent(word.toLowerCase(Locale.ROOT), value());
        } else {
          add(result, scheme, parameters);
          scheme = word.toLowerCase(Locale.ROOT);
          parameters = new LinkedHashMap<>();
        }
      }
      add(result, scheme, parameters);
    }

    private static void add(List<Challenge> result, String scheme, Map<String, String> parameters) {
      if (!scheme.isEmpty()) {
        result.add(new Challenge(scheme, parameters));
      }
    }

    private boolean skipSeparators() {
      while (at < text.length() && (text.charAt(at) == ',' || text.charAt(at) <= ' ')) {
        at++;
      }
      return at < text.length();
    }

    private void skipSpaces() {
      while (at < text.length() && text.charAt(at) <= ' ') {
        at++;
      }
    }

    private String token() {
      var start = at;
      while (at < text.length() && isTokenCharacter(text.charAt(at))) {
        at++;
      }
      return text.substring(start, at);
    }

    private static boolean isTokenCharacter(char c) {
      return c > ' ' && c < 127 && c != '=' && c != ',' && c != '"';
    }

    private String value() {
      if (at >= text.length() || text.charAt(at) != '"') {
        var start = at;
        while (at < text.length() && text.charAt(at) != ',' && text.charAt(at) > ' ') {
          at++;
        }
        return text.substring(start, at);
      }
      at++;
      var value = new StringBuilder();
      while (at < text.length() && text.charAt(at) != '"') {
        if (text.charAt(at) == '\\' && at + 1 < text.length()) {
          at++;
        }
        value.append(text.charAt(at++));
      }
      at++;
      return value.toString();
    }
  }
}
