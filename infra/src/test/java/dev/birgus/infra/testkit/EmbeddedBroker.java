package dev.birgus.infra.testkit;

import dev.birgus.infra.broker.BrokerSettings;
import java.io.IOException;
import java.nio.file.Path;

/** A real Kafka broker in this JVM, on loopback, with its data in a folder that outlives it. */
public final class EmbeddedBroker implements AutoCloseable {

  private final dev.birgus.infra.broker.EmbeddedBroker broker;

  private EmbeddedBroker(dev.birgus.infra.broker.EmbeddedBroker broker) {
    this.broker = broker;
  }

  /** Starts a broker on a free port. A folder that has data is gone on with. */
  public static EmbeddedBroker start(Path folder) throws IOException {
    return start(folder, 0);
  }

  /** Starts a broker on this port, as one that has been there before has to. */
  public static EmbeddedBroker start(Path folder, int port) throws IOException {
    return new EmbeddedBroker(
        dev.birgus.infra.broker.EmbeddedBroker.start(BrokerSettings.onLoopback(folder, port)));
  }

  /** Where clients find it. */
  public String address() {
    return broker.address();
  }

  /** The port it listens on. */
  public int port() {
    return broker.port();
  }

  @Override
  public void close() {
    broker.close();
  }
}
