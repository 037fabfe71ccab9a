package dev.birgus.infra.doors;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a door is.
 *
 * @param host the address it listens on: a name, or an address of this machine
 * @param port 0 for one that is free
 * @param tls what it proves itself by; empty for plain HTTP
 */
public record DoorSettings(String host, int port, Optional<Certificate> tls) {

  public DoorSettings {
    requireNonNull(host, "host");
    requireNonNull(tls, "tls");
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("not a port: " + port);
    }
  }

  /** Plain HTTP. */
  public DoorSettings(String host, int port) {
    this(host, port, Optional.empty());
  }

  /** A certificate with the chain to its authority, and its key; PEM files. */
  public record Certificate(Path chain, Path key) {
    public Certificate {
      requireNonNull(chain, "chain");
      requireNonNull(key, "key");
    }
  }
}
