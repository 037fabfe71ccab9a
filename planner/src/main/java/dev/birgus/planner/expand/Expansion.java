package dev.birgus.planner.expand;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.planner.syntax.Excerpt;
import dev.birgus.planner.syntax.Whitespace;
import java.util.List;
import java.util.Optional;

/** Reads one word from left to right, once; whatever stands in braces is read by recursion. */
final class Expansion {

  private static final int MAX_DEPTH = 100;

  private final String word;
  private final Scope scope;
  private final char escape;
  private int position;
  private int depth;

  /** Whether escape characters are kept, which is so in patterns: they have escapes themselves. */
  private boolean keepsEscapes;

  /** Whether quotes are characters like any other, which is so in here-documents. */
  private boolean keepsQuotes;

  Expansion(String word, Scope scope, char escape) {
    this.word = word;
    this.scope = scope;
    this.escape = escape;
  }

  String text() {
    var sink = new WordSink(false);
    while (position < word.length()) {
      readInto(sink);
    }
    return sink.text();
  }

  /** The text with its variables replaced; quotes stay. */
  String quotesKept() {
    keepsQuotes = true;
    return text();
  }

  List<String> words() {
    var sink = new WordSink(true);
    while (position < word.length()) {
      readInto(sink);
    }
    return sink.words();
  }

  private void readInto(WordSink sink) {
    var character = word.charAt(position);
    if (keepsQuotes && (character == '\'' || character == '"')) {
      position++;
      sink.addQuoted(character);
      return;
    }
    switch (character) {
      case '$' -> sink.addUnquoted(variable());
      case '\'' -> sink.addQuoted(singleQuoted());
      case '"' -> sink.addQuoted(doubleQuoted());
      default -> {
        position++;
        if (character == escape) {
          escaped(sink);
        } else {
          sink.addUnquoted(character);
        }
      }
    }
  }

  private void escaped(WordSink sink) {
    if (keepsEscapes) {
      sink.addQuoted(escape);
    }
    if (position < word.length()) {
      sink.addQuoted(word.charAt(position++));
    }
  }

  private String singleQuoted() {
    var end = word.indexOf('\'', position + 1);
    if (end < 0) {
      throw unmatchedQuote("single");
    }
    var text = word.substring(position + 1, end);
    position = end + 1;
    return text;
  }

  private String doubleQuoted() {
    var text = new WordSink(false);
    position++;
    while (position < word.length()) {
      var character = word.charAt(position);
      if (character == '$') {
        text.addQuoted(variable());
        continue;
      }
      position++;
      if (character == '"') {
        return text.text();
      }
      if (character == escape) {
        escapedInQuotes(text);
      } else {
        text.addQuoted(character);
      }
    }
    throw unmatchedQuote("double");
  }

  private void escapedInQuotes(WordSink text) {
    if (keepsEscapes) {
      text.addQuoted(escape);
    }
    if (position == word.length()) {
      return;
    }
    var next = word.charAt(position);
    if (next == '"' || next == '$' || next == escape) {
      position++;
      text.addQuoted(next);
    } else {
      text.addQuoted(escape);
    }
  }

  private String variable() {
    position++;
    if (position < word.length() && word.charAt(position) == '{') {
      position++;
      return inBraces();
    }
    var name = name();
    return name.isEmpty() ? "$" : scope.lookup(name).orElse("");
  }

  /** A name, a number, or one of the shell's special parameters, which are never set. */
  private String name() {
    var start = position;
    if (start < word.length() && Character.isDigit(word.codePointAt(start))) {
      while (position < word.length() && Character.isDigit(word.codePointAt(position))) {
        position += Character.charCount(word.codePointAt(position));
      }
    } else if (start < word.length() && "@*#?-$!".indexOf(word.charAt(start)) >= 0) {
      position++;
    } else {
      while (position < word.length() && isNamePart(word.codePointAt(position))) {
        position += Character.charCount(word.codePointAt(position));
      }
    }
    return word.substring(start, position);
  }

  private static boolean isNamePart(int character) {
    return character == '_' || Character.isLetter(character) || Character.isDigit(character);
  }

  private String inBraces() {
    if (position < word.length() && "{}:".indexOf(word.charAt(position)) >= 0) {
      throw badSubstitution("there is no name after ${");
    }
    var name = name();
    var modifier = next();
    var treatsEmptyAsUnset = modifier == ':';
    if (treatsEmptyAsUnset) {
      modifier = next();
    }
    if (modifier == '}' && !treatsEmptyAsUnset) {
      return scope.lookup(name).orElse("");
    }
    enterBraces();
    var value =
        switch (modifier) {
          case '-', '+', '?' -> {
            var text = until('}', false);
            yield conditional(new Reference(name, treatsEmptyAsUnset), modifier, text);
          }
          case '#', '%' -> trimmed(scope.lookup(name).orElse(""), modifier, until('}', true));
          case '/' -> {
            if (treatsEmptyAsUnset) {
              throw unknownModifier(":/");
            }
            yield replaced(name);
          }
          default -> throw unknownModifier((treatsEmptyAsUnset ? ":" : "") + modifier);
        };
    depth--;
    return value;
  }

  private void enterBraces() {
    if (++depth > MAX_DEPTH) {
      throw Failure.of(
              "expansion-too-large",
              "there are more than " + MAX_DEPTH + " braces inside each other in " + shown(),
              "write it with intermediate variables")
          .toException();
    }
  }

  private char next() {
    if (position == word.length()) {
      throw unclosed();
    }
    return word.charAt(position++);
  }

  /** What stands before the next character of this kind that is not quoted, expanded. */
  private String until(char stop, boolean keepingEscapes) {
    var kept = keepsEscapes;
    keepsEscapes = keepingEscapes;
    var text = new WordSink(false);
    while (position < word.length()) {
      if (word.charAt(position) == stop) {
        position++;
        keepsEscapes = kept;
        return text.text();
      }
      readInto(text);
    }
    throw stop == '/'
        ? badSubstitution("there is no / between the pattern and its replacement")
        : unclosed();
  }

  private record Reference(String name, boolean treatsEmptyAsUnset) {}

  private String conditional(Reference reference, char modifier, String text) {
    var value = scope.lookup(reference.name());
    var missing =
        reference.treatsEmptyAsUnset()
            ? value.filter(v -> !v.isEmpty()).isEmpty()
            : value.isEmpty();
    return switch (modifier) {
      case '-' -> missing ? text : value.orElse("");
      case '+' -> missing ? "" : text;
      default -> {
        if (missing) {
          throw required(reference.name(), value, text);
        }
        yield value.orElse("");
      }
    };
  }

  private String trimmed(String value, char end, String written) {
    var longest = !written.isEmpty() && written.charAt(0) == end;
    var pattern = ShellPattern.parse(longest ? written.substring(1) : written);
    return end == '#'
        ? pattern.withoutPrefix(value, longest)
        : pattern.withoutSuffix(value, longest);
  }

  private String replaced(String name) {
    var everywhere = position < word.length() && word.charAt(position) == '/';
    if (everywhere) {
      position++;
    }
    var pattern = ShellPattern.parse(until('/', true));
    var replacement = until('}', true);
    var value = scope.lookup(name).orElse("");
    return everywhere
        ? pattern.replaceAll(value, replacement)
        : pattern.replaceFirst(value, replacement);
  }

  private String shown() {
    return Excerpt.of(word);
  }

  private FailureException unmatchedQuote(String kind) {
    return Failure.of(
            "unmatched-quote",
            "a " + kind + " quote is not closed in " + shown(),
            "close it, or put " + escape + " before it if it is meant as text")
        .toException();
  }

  private FailureException unclosed() {
    return badSubstitution("there is no } for a ${");
  }

  private FailureException unknownModifier(String modifier) {
    return badSubstitution("there is no modifier " + Excerpt.of(modifier));
  }

  private FailureException badSubstitution(String problem) {
    return Failure.of(
            "bad-substitution",
            problem + " in " + shown(),
            "write ${name} or ${name:-default}; put "
                + escape
                + " before a $ that is meant as text")
        .toException();
  }

  private static FailureException required(String name, Optional<String> value, String text) {
    var fallback = value.isPresent() ? "must not be empty" : "must be set";
    return Failure.of(
            "required-variable",
            name + ": " + (Whitespace.strip(text).isEmpty() ? fallback : text),
            "give " + name + " a value, with ARG, ENV or a build argument")
        .toException();
  }
}
