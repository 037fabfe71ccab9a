package dev.birgus.infra.broker;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * Where a broker is and where its data is.
 *
 * @param folder of its data, which outlives it; one broker at a time has it
 * @param host the address it listens on; {@code 0.0.0.0} for all of this machine
 * @param port 0 for one that is free
 * @param advertised what clients are told to connect to
 */
public record BrokerSettings(Path folder, String host, int port, String advertised) {

  public BrokerSettings {
    requireNonNull(folder, "folder");
    requireNonNull(host, "host");
    requireNonNull(advertised, "advertised");
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("not a port: " + port);
    }
  }

  /** A broker on loopback, which only this machine reaches. */
  public static BrokerSettings onLoopback(Path folder, int port) {
    return new BrokerSettings(folder, "127.0.0.1", port, "127.0.0.1");
  }
}
