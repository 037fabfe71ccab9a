package dev.birgus.infra.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A real Kafka broker on loopback some properties of which are other than those of a server's. */
public final class TunedBroker implements AutoCloseable {

  private final EmbeddedBroker broker;

  private TunedBroker(EmbeddedBroker broker) {
    this.broker = broker;
  }

  /**
   * Starts a broker on a free port.
   *
   * @param properties as Kafka names those of brokers
   */
  public static TunedBroker start(Path folder, Map<String, String> properties) throws IOException {
    return new TunedBroker(
        EmbeddedBroker.start(
            BrokerSettings.onLoopback(folder, 0),
            List.of(),
            usual -> {
              var tuned = new HashMap<>(usual);
              tuned.putAll(properties);
              return tuned;
            }));
  }

  /** Where clients find it. */
  public String address() {
    return broker.address();
  }

  @Override
  public void close() {
    broker.close();
  }
}
