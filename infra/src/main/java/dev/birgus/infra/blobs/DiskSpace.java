package dev.birgus.infra.blobs;

import java.util.Locale;

/**
 * Tells a full disk from other failures: neither the JDK nor a tool has an exception of its own.
 */
public final class DiskSpace {

  private DiskSpace() {}

  /** Whether an exception, or what caused it, is that no space is left, or the quota is used up. */
  public static boolean isExhausted(Throwable failure) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      var message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
      if (message.contains("no space left on device") || message.contains("quota exceeded")) {
        return true;
      }
    }
    return false;
  }
}
