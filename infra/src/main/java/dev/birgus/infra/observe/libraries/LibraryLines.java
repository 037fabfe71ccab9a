package dev.birgus.infra.observe.libraries;

import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets through what can be read: one and the same line once a minute, and all in all no more than
 * {@value #MOST} lines in one. What was left out is counted and told with the next line.
 */
final class LibraryLines {

  /** Lines of a minute. */
  static final int MOST = 60;

  private static final int LONGEST = 1_000;
  private static final int REMEMBERED = 500;
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final LongSupplier nanos;

  /** When a line was let through last, the one that was so longest ago first. */
  private final LinkedHashMap<String, Long> told = new LinkedHashMap<>();

  private Journal journal = Journal.silent();
  private long minute;
  private int lines;
  private long leftOut;

  /**
   * Lines that go nowhere yet.
   *
   * @param nanos a clock that goes on and on
   */
  LibraryLines(LongSupplier nanos) {
    this.nanos = nanos;
    this.minute = nanos.getAsLong();
  }

  /**
   * A line.
   *
   * @param library the class that logs it
   * @param pattern what it looks like whenever it comes
   * @param text what it says this time
   */
  record Line(String library, String pattern, String text) {}

  synchronized void giveTo(Journal other) {
    journal = other;
  }

  void log(Journal.Level level, Line line, @Nullable Throwable failure) {
    var context = new TreeMap<String, String>();
    Journal taker;
    synchronized (this) {
      if (!isLetThrough(line.library() + level + line.pattern())) {
        leftOut++;
        return;
      }
      if (leftOut > 0) {
        context.put("left_out", String.valueOf(leftOut));
        leftOut = 0;
      }
      taker = journal;
    }
    context.put("library", line.library());
    if (failure != null) {
      context.put(LogKeys.ERROR, plain(failure.toString()));
    }
    taker.log(level, plain(line.text()), Map.copyOf(context));
  }

  private boolean isLetThrough(String key) {
    var now = nanos.getAsLong();
    if (now - minute >= MINUTE) {
      minute = now;
      lines = 0;
    }
    var before = told.get(key);
    if (lines >= MOST || (before != null && now - before < MINUTE)) {
      return false;
    }
    lines++;
    told.remove(key);
    told.putLast(key, now);
    if (told.size() > REMEMBERED) {
      told.pollFirstEntry();
    }
    return true;
  }

  private static String plain(String text) {
    var line = text.replaceAll("\\R+", " ");
    return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
  }
}
