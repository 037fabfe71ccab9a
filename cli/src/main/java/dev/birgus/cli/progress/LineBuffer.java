package dev.birgus.cli.progress;

import java.util.ArrayList;
import java.util.List;

/** Puts what a step prints together into lines. A line that gets too long is broken. */
final class LineBuffer {

  private static final int LONGEST = 16_384;

  private final StringBuilder partial = new StringBuilder();

  /** Takes what was printed and gives the lines it ends, without line ends. */
  List<String> add(String text) {
    var lines = new ArrayList<String>();
    var from = 0;
    for (var end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      partial.append(text, from, end);
      lines.add(take());
      from = end + 1;
    }
    partial.append(text, from, text.length());
    dropOverwritten();
    if (partial.length() > LONGEST) {
      lines.add(take());
    }
    return lines;
  }

  /** The line that was begun and not ended, if there is one. */
  List<String> rest() {
    return partial.isEmpty() ? List.of() : List.of(take());
  }

  private String take() {
    if (!partial.isEmpty() && partial.charAt(partial.length() - 1) == '\r') {
      partial.setLength(partial.length() - 1);
    }
    dropOverwritten();
    var line = partial.toString();
    partial.setLength(0);
    return line;
  }

  /** A progress bar that redraws itself is one line: its last state. */
  private void dropOverwritten() {
    var last = partial.lastIndexOf("\r");
    if (last >= 0 && last < partial.length() - 1) {
      partial.delete(0, last + 1);
    }
  }
}
