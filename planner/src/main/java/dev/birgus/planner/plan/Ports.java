package dev.birgus.planner.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The words of EXPOSE: a port or a range, and optionally a protocol. */
final class Ports {

  private static final Set<String> PROTOCOLS = Set.of("tcp", "udp", "sctp");
  private static final int MAX_PORT = 65535;

  private Ports() {}

  /**
   * Each port of the word as {@code port/protocol}.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  static List<String> parse(String word) {
    var slash = word.indexOf('/');
    var protocol = slash < 0 ? "tcp" : word.substring(slash + 1).toLowerCase(Locale.ROOT);
    if (!PROTOCOLS.contains(protocol)) {
      throw new IllegalArgumentException(
          "\"" + word + "\": the protocol is one of tcp, udp and sctp");
    }
    var ports = slash < 0 ? word : word.substring(0, slash);
    var dash = ports.indexOf('-');
    var first = port(dash < 0 ? ports : ports.substring(0, dash), word);
    var last = dash < 0 ? first : port(ports.substring(dash + 1), word);
    if (last < first) {
      throw new IllegalArgumentException("\"" + word + "\": the range ends before it begins");
    }
    var all = new ArrayList<String>();
    for (var port = first; port <= last; port++) {
      all.add(port + "/" + protocol);
    }
    return all;
  }

  private static int port(String text, String word) {
    if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > MAX_PORT) {
      throw new IllegalArgumentException(
          "\"" + word + "\": a port is a number from 0 to " + MAX_PORT);
    }
    return Integer.parseInt(text);
  }
}
