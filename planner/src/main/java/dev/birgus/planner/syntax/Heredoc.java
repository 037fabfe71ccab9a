package dev.birgus.planner.syntax;

import static java.util.Objects.requireNonNull;

/**
 * A here-document: the lines after an instruction, up to one that holds only its name.
 *
 * @param word as it stands in the instruction, for example {@code 3<<-"EOF"}
 * @param name the line that ends it, quotes removed
 * @param stripsTabs whether it was opened with {@code <<-}: tabs at the beginning of its lines do
 *     not count
 * @param quoted whether its name was quoted: variables in it are not replaced
 * @param body the lines as written, line ends included
 */
public record Heredoc(String word, String name, boolean stripsTabs, boolean quoted, String body) {

  public Heredoc {
    requireNonNull(word, "word");
    requireNonNull(name, "name");
    requireNonNull(body, "body");
  }

  /** What is in it: the body, without the leading tabs that do not count. */
  public String content() {
    if (!stripsTabs) {
      return body;
    }
    var content = new StringBuilder(body.length());
    var atLineStart = true;
    for (var i = 0; i < body.length(); i++) {
      var character = body.charAt(i);
      if (!atLineStart || character != '\t') {
        content.append(character);
        atLineStart = character == '\n';
      }
    }
    return content.toString();
  }

  Heredoc withBody(String lines) {
    return new Heredoc(word, name, stripsTabs, quoted, lines);
  }
}
