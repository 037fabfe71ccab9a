package dev.birgus.infra.credentials;

import java.io.IOException;

/** A cloud has no credential for us. The message says why, without a secret. */
public final class CloudUnavailableException extends IOException {

  private static final int LONGEST = 300;

  private final boolean configured;

  private CloudUnavailableException(String reason, boolean configured) {
    super(reason);
    this.configured = configured;
  }

  /** Nobody has told us who we are: the usual thing outside of that cloud. */
  public static CloudUnavailableException unconfigured(String reason) {
    return new CloudUnavailableException(reason, false);
  }

  /**
   * Somebody has told us who we are, and it did not work.
   *
   * @param cause what its message says is kept, made fit for one line
   */
  public static CloudUnavailableException broken(String reason, Throwable cause) {
    return new CloudUnavailableException(reason + ": " + line(cause), true);
  }

  /** Somebody has told us who we are, and it did not work. */
  public static CloudUnavailableException broken(String reason) {
    return new CloudUnavailableException(reason, true);
  }

  /** Whether somebody meant this to work. */
  public boolean configured() {
    return configured;
  }

  /**
   * What an exception says in one line, no longer than a terminal can bear, with what went wrong in
   * the network if that is where it came from. The exception itself is not kept: what libraries put
   * into their causes is not ours to vouch for.
   */
  private static String line(Throwable cause) {
    var text = printable(cause);
    var root = cause;
    for (var next = root.getCause(); next != null; next = next.getCause()) {
      root = next;
    }
    var name = root.getClass().getName();
    return !root.equals(cause) && (name.startsWith("java.net.") || name.startsWith("javax.net."))
        ? text + " (" + root.getClass().getSimpleName() + ": " + printable(root) + ")"
        : text;
  }

  private static String printable(Throwable cause) {
    var message = cause.getMessage();
    if (message == null || message.isBlank()) {
      return cause.getClass().getSimpleName();
    }
    var text = new StringBuilder();
    for (var i = 0; i < message.length() && i < LONGEST; i++) {
      var letter = message.charAt(i);
      text.append(Character.isISOControl(letter) ? ' ' : letter);
    }
    return text.toString().strip();
  }
}
