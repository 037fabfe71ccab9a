package dev.birgus.planner.plan;

import dev.birgus.planner.instruct.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The words of EXPOSE: a port or a range, and optionally a protocol. */
final class Ports {

  private static final List<String> PROTOCOLS = List.of("tcp", "udp", "sctp");
  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(?!$)|$)){4}");

  private static final int MAX_PORT = 65535;

  private Ports() {}

  /** A range of ports, both included. */
  private record Range(int first, int last) {}

  /**
   * Each port of the word as {@code port/protocol}.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  static List<String> parse(String word) {
    var slash = word.indexOf('/');
    var written = protocol(word);
    var protocol = written.isEmpty() ? "tcp" : written;
    if (!PROTOCOLS.contains(protocol)) {
      throw new IllegalArgumentException(
          "\"" + word + "\": the protocol is one of tcp, udp and sctp");
    }
    var range = range(slash < 0 ? word : word.substring(0, slash), word);
    var all = new ArrayList<String>();
    for (var port = range.first(); port <= range.last(); port++) {
      all.add(port + "/" + protocol);
    }
    return all;
  }

  /**
   * Checks what stands before the last colon: a port of the host, and an address.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  static void checkPublished(String published) {
    var colon = published.lastIndexOf(':');
    var hostPort = published.substring(colon + 1);
    if (!hostPort.isEmpty()) {
      range(hostPort, published);
    }
    var address = colon < 0 ? "" : published.substring(0, colon);
    if (!address.isEmpty() && !isAddress(address)) {
      throw new IllegalArgumentException("\"" + address + "\" is no IP address");
    }
  }

  private static boolean isAddress(String text) {
    var isBracketed = text.startsWith("[") && text.endsWith("]");
    var literal = isBracketed ? text.substring(1, text.length() - 1) : text;
    return literal.indexOf(':') >= 0 ? isIpv6(literal) : IPV4.matcher(literal).matches();
  }

  /** Groups of hexadecimal digits, eight or a gap among fewer; the last two may be an IPv4. */
  private static boolean isIpv6(String text) {
    var lastColon = text.lastIndexOf(':');
    var isMixed = IPV4.matcher(text.substring(lastColon + 1)).matches();
    var groups = isMixed ? text.substring(0, lastColon + 1) + "0:0" : text;
    var gap = groups.indexOf("::");
    if (gap != groups.lastIndexOf("::")) {
      return false;
    }
    var count = 0;
    for (var group : groups.replaceFirst("^::|::$", ":").split(":", -1)) {
      if (!group.matches("[0-9a-fA-F]{1,4}") && !(group.isEmpty() && gap >= 0)) {
        return false;
      }
      count += group.isEmpty() ? 0 : 1;
    }
    return gap >= 0 ? count < 8 : count == 8;
  }

  /** What to write instead of a word that is wrong. */
  static String advice(String word) {
    return Suggestion.nearest(protocol(word), PROTOCOLS)
        .filter(meant -> !meant.equals(protocol(word)))
        .map(meant -> "did you mean " + word.substring(0, word.indexOf('/') + 1) + meant + "?")
        .orElse("write it as in 8080, 53/udp, 7000-7010");
  }

  private static String protocol(String word) {
    var slash = word.indexOf('/');
    return slash < 0 ? "" : word.substring(slash + 1).toLowerCase(Locale.ROOT);
  }

  private static Range range(String ports, String word) {
    var dash = ports.indexOf('-');
    var first = port(dash < 0 ? ports : ports.substring(0, dash), word);
    var last = dash < 0 ? first : port(ports.substring(dash + 1), word);
    if (last < first) {
      throw new IllegalArgumentException("\"" + word + "\": the range ends before it begins");
    }
    return new Range(first, last);
  }

  private static int port(String text, String word) {
    if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > MAX_PORT) {
      throw new IllegalArgumentException(
          "\"" + word + "\": a port is a number from 0 to " + MAX_PORT);
    }
    return Integer.parseInt(text);
  }
}
