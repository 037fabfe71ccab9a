package dev.birgus.planner.plan;

import dev.birgus.planner.instruct.Suggestion;
import java.util.Locale;
import java.util.Set;

/** The signals STOPSIGNAL may name: those of Linux. */
final class Signals {

  private static final int LAST = 64;
  private static final Set<String> NAMES =
      Set.of(
          ("ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV"
                  + " STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU"
                  + " XFSZ")
              .split(" "));

  private Signals() {}

  /** Whether it is a number of a signal or a name, with or without {@code SIG}. */
  static boolean isSignal(String text) {
    if (text.matches("[0-9]{1,3}")) {
      var number = Integer.parseInt(text);
      return number >= 1 && number <= LAST;
    }
    var upper = text.toUpperCase(Locale.ROOT);
    var name = upper.startsWith("SIG") ? upper.substring("SIG".length()) : upper;
    return NAMES.contains(name) || isRealTime(name);
  }

  /** What to write instead of a signal that is none. */
  static String advice(String text) {
    var upper = text.toUpperCase(Locale.ROOT);
    var prefix = upper.startsWith("SIG") ? "SIG" : "";
    return Suggestion.nearest(upper.substring(prefix.length()), NAMES.stream().sorted().toList())
        .map(meant -> "did you mean " + prefix + meant + "?")
        .orElse("write a name as in SIGTERM, or a number from 1 to 64");
  }

  private static boolean isRealTime(String name) {
    if (name.equals("RTMIN") || name.equals("RTMAX")) {
      return true;
    }
    if (name.matches("RTMIN\\+[0-9]{1,2}")) {
      return Integer.parseInt(name.substring("RTMIN+".length())) <= 15;
    }
    return name.matches("RTMAX-[0-9]{1,2}")
        && Integer.parseInt(name.substring("RTMAX-".length())) <= 14;
  }
}
