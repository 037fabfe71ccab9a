package dev.birgus.infra.registry;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The hosts that are reached without a proxy, by the rules Go has for {@code NO_PROXY}. */
final class ProxyExemptions {

  private static final int HIGHEST_BYTE = 255;

  /** One entry of the list. */
  private sealed interface Entry {
    /** An address, and a port if it is for one only. */
    record Address(InetAddress address, String port) implements Entry {}

    /** All addresses that begin with these bits. */
    record Range(InetAddress first, int bits) implements Entry {}

    /**
     * A name with a dot before it.
     *
     * @param itself whether the name alone counts too
     */
    record Name(String suffix, boolean itself, String port) implements Entry {}
  }

  private final List<Entry> entries = new ArrayList<>();
  private final boolean everything;

  ProxyExemptions(String list) {
    var parts = Arrays.stream(list.split(",")).map(String::strip).toList();
    everything = parts.contains("*");
    for (var part : parts) {
      parse(part.toLowerCase(Locale.ROOT)).ifPresent(entries::add);
    }
  }

  /** Whether the host is reached without a proxy. This machine itself always is. */
  boolean covers(String host, int port) {
    var name = withoutBrackets(host).toLowerCase(Locale.ROOT);
    if (name.equals("localhost")) {
      return true;
    }
    var address = literal(name);
    if (address.filter(InetAddress::isLoopbackAddress).isPresent() || everything) {
      return true;
    }
    var portText = Integer.toString(port);
    return entries.stream().anyMatch(entry -> matches(entry, name, address, portText));
  }

  private static boolean matches(
      Entry entry, String name, Optional<InetAddress> address, String port) {
    return switch (entry) {
      case Entry.Address(var exempt, var only) ->
          address.filter(exempt::equals).isPresent() && isPort(only, port);
      case Entry.Range(var first, var bits) ->
          address.filter(each -> shareBits(first, each, bits)).isPresent();
      case Entry.Name(var suffix, var itself, var only) ->
          (name.endsWith(suffix) || (itself && suffix.substring(1).equals(name)))
              && isPort(only, port);
    };
  }

  private static boolean isPort(String only, String port) {
    return only.isEmpty() || only.equals(port);
  }

  private static Optional<Entry> parse(String text) {
    var slash = text.indexOf('/');
    if (slash >= 0) {
      var range = range(text.substring(0, slash), text.substring(slash + 1));
      if (range.isPresent()) {
        return range;
      }
    }
    // More than one colon and no brackets: an IPv6 address without a port.
    var colon = text.lastIndexOf(':');
    var hasPort = colon >= 0 && (text.indexOf(':') == colon || text.charAt(colon - 1) == ']');
    var host = withoutBrackets(hasPort ? text.substring(0, colon) : text);
    var port = hasPort ? text.substring(colon + 1) : "";
    var address = literal(host);
    if (address.isPresent()) {
      return Optional.of(new Entry.Address(address.get(), port));
    }
    var name = host.startsWith("*.") ? host.substring(1) : host;
    if (name.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        name.startsWith(".")
            ? new Entry.Name(name, false, port)
            : new Entry.Name("." + name, true, port));
  }

  private static Optional<Entry> range(String host, String bits) {
    var address = literal(host);
    if (address.isEmpty() || !bits.matches("[0-9]{1,3}")) {
      return Optional.empty();
    }
    var count = Integer.parseInt(bits);
    return count <= address.get().getAddress().length * Byte.SIZE
        ? Optional.of(new Entry.Range(address.get(), count))
        : Optional.empty();
  }

  private static boolean shareBits(InetAddress one, InetAddress other, int bits) {
    var first = one.getAddress();
    var second = other.getAddress();
    if (first.length != second.length) {
      return false;
    }
    var whole = bits / Byte.SIZE;
    var rest = bits % Byte.SIZE;
    var mask = HIGHEST_BYTE << (Byte.SIZE - rest) & HIGHEST_BYTE;
    return Arrays.equals(first, 0, whole, second, 0, whole)
        && (rest == 0 || (first[whole] & mask) == (second[whole] & mask));
  }

  private static String withoutBrackets(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  /** The address a text is; no name is ever looked up. */
  private static Optional<InetAddress> literal(String text) {
    var isIpv4 = text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    if (!isIpv4 && text.indexOf(':') < 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
