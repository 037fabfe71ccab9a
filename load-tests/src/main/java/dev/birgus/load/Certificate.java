package dev.birgus.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A certificate for loopback that is its own authority.
 *
 * @param folder holds {@code ca.crt}, as skopeo wants it, and the key
 */
record Certificate(Path folder) {

  /** Makes one with openssl. */
  static Certificate make(Path folder) throws IOException {
    Files.createDirectories(folder);
    new Shell(folder, Map.of())
        .run(
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
                + " -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1,DNS:localhost"
                + " -keyout key.pem -out ca.crt");
    return new Certificate(folder);
  }

  /** What a registry's configuration has about it. */
  String asSettings() {
    return ", tls: {certificate: %s, key: %s}"
        .formatted(folder.resolve("ca.crt"), folder.resolve("key.pem"));
  }
}
