package dev.birgus.infra.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The lines before the content of a request or an answer (RFC 9112). */
record HttpHead(String first, List<Field> fields) {

  /** A header. */
  record Field(String name, String value) {}

  HttpHead {
    requireNonNull(first, "first");
    fields = List.copyOf(fields);
  }

  /** Reads one; empty where there is none any more. */
  static Optional<HttpHead> read(InputStream input) throws IOException {
    var first = line(input);
    if (first.isEmpty()) {
      return Optional.empty();
    }
    var fields = new ArrayList<Field>();
    while (true) {
      var line = line(input).orElseThrow(() -> new EOFException("cut in the headers"));
      if (line.isEmpty()) {
        return Optional.of(new HttpHead(first.get(), fields));
      }
      var colon = line.indexOf(':');
      fields.add(new Field(line.substring(0, colon), line.substring(colon + 1).strip()));
    }
  }

  private static Optional<String> line(InputStream input) throws IOException {
    var bytes = new ByteArrayOutputStream();
    for (var next = input.read(); next != '\n'; next = input.read()) {
      if (next < 0) {
        return bytes.size() == 0 ? Optional.empty() : Optional.of(bytes.toString(ISO_8859_1));
      }
      if (next != '\r') {
        bytes.write(next);
      }
    }
    return Optional.of(bytes.toString(ISO_8859_1));
  }

  /** A word of the first line. */
  String word(int number) {
    return first.split(" ", 3)[number];
  }

  Optional<String> field(String name) {
    return fields.stream()
        .filter(field -> field.name().equalsIgnoreCase(name))
        .map(Field::value)
        .findFirst();
  }

  HttpHead without(String name) {
    return new HttpHead(
        first, fields.stream().filter(field -> !field.name().equalsIgnoreCase(name)).toList());
  }

  HttpHead with(String name, String value) {
    var others = new ArrayList<>(without(name).fields());
    others.add(new Field(name, value));
    return new HttpHead(first, others);
  }

  byte[] toBytes() {
    var text = new StringBuilder(first).append("\r\n");
    for (var field : fields) {
      text.append(field.name()).append(": ").append(field.value()).append("\r\n");
    }
    return text.append("\r\n").toString().getBytes(ISO_8859_1);
  }
}
