package dev.birgus.cli.dockerfile;

import java.util.SortedMap;

/**
 * A file of an image, however many names it has.
 *
 * @param type dir, file, link, fifo, char or block
 * @param seconds time of the last change since the epoch
 * @param detail what a link says, or the numbers of a device
 */
record FileNode(
    String type,
    int mode,
    long uid,
    long gid,
    long seconds,
    String detail,
    SortedMap<String, String> xattrs,
    Content content) {

  /** Times before it, or after the other, were set by somebody; those between are of the test. */
  private static final long SET_BEFORE = 1_600_000_000;

  private static final long SET_AFTER = 4_000_000_000L;

  private static final int SHORT = 200;

  /**
   * What is in a file.
   *
   * @param start readable form of the first bytes
   */
  record Content(long size, String start, String sha256) {
    static final Content NONE = new Content(0, "", "");
  }

  /**
   * As expectations write it: type, mode, owner, then what there is of: content in quotes ({@code
   * $} ends a line, as of {@code cat -E}) or its size if it is long, the target of a link, extended
   * attributes in hexadecimal, and an odd time after {@code @}.
   */
  String line() {
    var line = new StringBuilder(type);
    if (!type.equals("link")) {
      line.append(' ').append(Integer.toOctalString(mode));
    }
    line.append(' ').append(uid).append(':').append(gid);
    switch (type) {
      case "file" ->
          line.append(
              content.size() <= SHORT
                  ? " \"" + content.start() + "\""
                  : " " + content.size() + " bytes");
      case "link" -> line.append(" -> ").append(detail);
      case "char", "block" -> line.append(' ').append(detail);
      default -> {}
    }
    xattrs.forEach((name, value) -> line.append(' ').append(name).append('=').append(value));
    if (seconds < SET_BEFORE || seconds > SET_AFTER) {
      line.append(" @").append(seconds);
    }
    return line.toString();
  }

  /** The line, and all of the content. */
  String exact() {
    return line() + " " + content.sha256();
  }
}
