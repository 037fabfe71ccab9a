package dev.birgus.cli.progress;

import dev.birgus.infra.contracts.Event.TransferProgressed.Transfer;
import java.util.Optional;

/** How far the bytes of one transfer are. */
record TransferState(Transfer kind, String name, long done, Optional<Long> total) {

  private static final int SHOWN_OF_DIGEST = "sha256:".length() + 12;

  boolean isFinished() {
    return kind == Transfer.CACHED || total.map(size -> done >= size).orElse(false);
  }

  /** What happens, as the first word of a line. */
  String verb() {
    return switch (kind) {
      case DOWNLOAD -> "download";
      case UNPACK -> "unpack";
      case PACK -> "pack";
      case UPLOAD -> "upload";
      case CACHED -> "cached";
    };
  }

  /** The name, a digest cut to what people compare. */
  String shortName() {
    var digest = name.indexOf("sha256:");
    return digest == 0 || (digest > 0 && name.charAt(digest - 1) == '@')
        ? name.substring(0, Math.min(name.length(), digest + SHOWN_OF_DIGEST))
        : name;
  }

  /** {@code 1.2 MB of 3.4 MB}, or what is known of it. */
  String amount() {
    return isFinished() || total.isEmpty()
        ? Amounts.size(Math.max(done, total.orElse(0L)))
        : Amounts.size(done) + " of " + Amounts.size(total.get());
  }
}
