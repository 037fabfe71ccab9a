package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;

/**
 * What {@code --chmod} makes of a file's mode: octal digits are the mode, symbols change it as
 * chmod(1) does, with no umask. Symbols are parts parted by commas, each with any of {@code ugoa},
 * and one or more of {@code +}, {@code -} and {@code =} followed by any of {@code rwxXst} or by one
 * of {@code ugo}, whose bits are meant.
 */
public final class FileMode {

  private static final int ALL = 0777;
  private static final int EXECUTE = 0111;
  private static final int SET_IDS = 06000;
  private static final int STICKY = 01000;

  private final String text;
  private final int octal;
  private final List<Change> changes;

  private record Change(int who, char operator, String permissions) {}

  private FileMode(String text, int octal, List<Change> changes) {
    this.text = text;
    this.octal = octal;
    this.changes = changes;
  }

  /**
   * A mode as written.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  public static FileMode parse(String text) {
    requireNonNull(text, "text");
    if (!text.isEmpty() && text.charAt(0) >= '0' && text.charAt(0) <= '9') {
      return new FileMode(text, octal(text), List.of());
    }
    var changes = new ArrayList<Change>();
    for (var part : text.split(",", -1)) {
      addChanges(part, changes);
    }
    return new FileMode(text, -1, List.copyOf(changes));
  }

  /** The mode as written. */
  public String text() {
    return text;
  }

  /**
   * The mode a file gets.
   *
   * @param mode it has, 0 to 07777
   * @param isDirectory whether it is a directory: {@code X} always means {@code x} there
   * @return 0 to 07777
   */
  public int apply(int mode, boolean isDirectory) {
    if (octal >= 0) {
      return octal;
    }
    var changed = mode;
    for (var change : changes) {
      var bits = bits(change, mode, changed, isDirectory);
      changed =
          switch (change.operator()) {
            case '+' -> changed | bits;
            case '-' -> changed & ~bits;
            default -> (changed & ~(change.who() | special(change.who()))) | bits;
          };
    }
    return changed;
  }

  private static int octal(String text) {
    var isOctal =
        text.length() <= 8 && text.chars().allMatch(digit -> digit >= '0' && digit <= '7');
    var mode = isOctal ? Integer.parseInt(text, 8) : -1;
    if (mode < 0 || mode > 07777) {
      throw new IllegalArgumentException(text + " is not an octal mode from 0 to 7777");
    }
    return mode;
  }

  private static void addChanges(String part, List<Change> changes) {
    var at = 0;
    var who = 0;
    while (at < part.length() && "ugoa".indexOf(part.charAt(at)) >= 0) {
      who |= maskOf(part.charAt(at++));
    }
    if (at == part.length()) {
      throw new IllegalArgumentException("there is no +, - or = in \"" + part + "\"");
    }
    while (at < part.length()) {
      var operator = part.charAt(at++);
      if ("+-=".indexOf(operator) < 0) {
        throw new IllegalArgumentException("\"" + operator + "\" is not known in \"" + part + "\"");
      }
      var start = at;
      while (at < part.length() && "+-=".indexOf(part.charAt(at)) < 0) {
        at++;
      }
      var permissions = part.substring(start, at);
      if (!permissions.matches("[rwxXst]*|[ugo]")) {
        throw new IllegalArgumentException(
            "\"" + permissions + "\" is neither letters of rwxXst nor one of u, g and o");
      }
      changes.add(new Change(who == 0 ? ALL : who, operator, permissions));
    }
  }

  private static int maskOf(char who) {
    return switch (who) {
      case 'u' -> 0700;
      case 'g' -> 0070;
      case 'o' -> 0007;
      default -> ALL;
    };
  }

  /** The bits a change is about, those of others taken out. */
  private static int bits(Change change, int original, int current, boolean isDirectory) {
    var bits = 0;
    for (var i = 0; i < change.permissions().length(); i++) {
      bits |=
          switch (change.permissions().charAt(i)) {
            case 'r' -> 0444;
            case 'w' -> 0222;
            case 'x' -> EXECUTE;
            case 'X' -> isDirectory || (original & EXECUTE) != 0 ? EXECUTE : 0;
            case 's' -> SET_IDS;
            case 't' -> STICKY;
            case 'u' -> (current >> 6 & 7) * EXECUTE;
            case 'g' -> (current >> 3 & 7) * EXECUTE;
            default -> (current & 7) * EXECUTE;
          };
    }
    return bits & (change.who() | special(change.who()));
  }

  /** Set-uid goes with the user, set-gid with the group, the sticky bit with all or the others. */
  private static int special(int who) {
    return ((who & 0700) != 0 ? 04000 : 0)
        | ((who & 0070) != 0 ? 02000 : 0)
        | ((who & 0007) != 0 ? STICKY : 0);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FileMode mode && text.equals(mode.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
