package dev.birgus.executor.operation;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Cuts bytes into lines of UTF-8 text; what is longer than the limit is left out. */
final class LineSplitter {

  private final int longest;
  private final Consumer<String> lines;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  LineSplitter(int longest, Consumer<String> lines) {
    this.longest = longest;
    this.lines = lines;
  }

  void add(byte[] bytes) {
    for (var each : bytes) {
      if (each == '\n') {
        end();
      } else if (line.size() < longest) {
        line.write(each);
      }
    }
  }

  /** Ends the last line if it has no end of its own. */
  void finish() {
    if (line.size() > 0) {
      end();
    }
  }

  private void end() {
    var text = line.toString(StandardCharsets.UTF_8);
    lines.accept(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    line.reset();
  }
}
