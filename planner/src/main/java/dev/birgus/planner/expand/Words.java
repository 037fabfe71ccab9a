package dev.birgus.planner.expand;

import java.util.List;

/**
 * Expands words as the Dockerfile reference has it: {@code $name} and {@code ${name}} become
 * values, quotes and escapes are removed.
 *
 * <p>Inside braces a modifier can follow the name: {@code :-} {@code -} {@code :+} {@code +} {@code
 * :?} {@code ?} with a word, {@code #} {@code ##} {@code %} {@code %%} with a pattern, {@code
 * /pattern/text} and {@code //pattern/text}. Words and patterns are expanded themselves. A pattern
 * knows {@code *} and {@code ?}.
 *
 * <p>Single quotes keep everything. In double quotes variables are replaced, and the escape
 * character escapes only itself, {@code $} and {@code "}. Outside quotes it escapes whatever
 * follows.
 *
 * <p>What fails, fails as a {@link dev.birgus.infra.contracts.FailureException} without a place:
 * {@code unmatched-quote}, {@code bad-substitution}, {@code required-variable} for {@code :?} and
 * {@code ?}, and {@code expansion-too-large} beyond 16 Mi characters or 100 levels of braces.
 */
public final class Words {

  private Words() {}

  /**
   * The word with its variables replaced and its quotes removed. White space stays.
   *
   * @param escape backslash or backtick
   */
  public static String expand(String word, Scope scope, char escape) {
    return new Expansion(word, scope, escape).text();
  }

  /**
   * The same, split at white space that is neither quoted nor escaped; that of a variable's value
   * splits too. Empty words are left out.
   *
   * @param escape backslash or backtick
   */
  public static List<String> expandToWords(String word, Scope scope, char escape) {
    return new Expansion(word, scope, escape).words();
  }

  /**
   * A text of any length with its variables replaced, as a here-document has it: quotes are
   * characters like any other, and a backslash, whatever the file's escape character is, takes the
   * character after it as it stands.
   */
  public static String expandText(String text, Scope scope) {
    return new Expansion(text, scope, '\\').quotesKept();
  }
}
