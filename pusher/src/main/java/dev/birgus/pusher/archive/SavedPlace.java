package dev.birgus.pusher.archive;

import dev.birgus.infra.contracts.FailureException;
import java.io.IOException;
import java.nio.file.Path;

/** A saved image's files, and what they are called in messages. */
record SavedPlace(Path path, SavedFiles files) {

  private static final int LARGEST_DOCUMENT = 8 << 20;

  /** A file that must be there. */
  SavedFiles.Piece piece(String name) throws IOException {
    return files.find(name).orElseThrow(() -> unreadable("it has no " + name));
  }

  /** A small file that must be there. */
  byte[] document(String name) throws IOException {
    var piece = piece(name);
    if (piece.length() > LARGEST_DOCUMENT) {
      throw unreadable(name + " in it is larger than 8 MiB");
    }
    try (var in = piece.open()) {
      return in.readAllBytes();
    }
  }

  FailureException unreadable(String reason) {
    return SavedImages.unreadable(path, reason, "");
  }
}
