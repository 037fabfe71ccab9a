package dev.birgus.pusher.export;

import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells whether a layout already holds a blob, whole and unspoilt. */
final class StoredBlobs {

  private static final int BUFFER = 128 << 10;

  private StoredBlobs() {}

  /** Whether the file has the size and the digest of the blob. */
  static boolean holds(Path path, Descriptor blob) throws IOException, InterruptedException {
    if (!Files.isRegularFile(path) || Files.size(path) != blob.size()) {
      return false;
    }
    var computation = blob.digest().newComputation();
    var buffer = new byte[BUFFER];
    try (var in = Files.newInputStream(path)) {
      for (var count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        if (Thread.interrupted()) {
          throw new InterruptedException("interrupted while reading " + blob.digest());
        }
        computation.update(buffer, 0, count);
      }
    }
    return new Digest(blob.digest().algorithm(), hex(computation.digest())).equals(blob.digest());
  }

  private static String hex(byte[] hash) {
    return java.util.HexFormat.of().formatHex(hash);
  }
}
