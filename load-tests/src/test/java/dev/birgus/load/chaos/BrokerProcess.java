package dev.birgus.load.chaos;

import dev.birgus.infra.broker.BrokerSettings;
import dev.birgus.infra.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A broker in a process of its own. */
public final class BrokerProcess {

  private BrokerProcess() {}

  /**
   * Runs until the process is told to end.
   *
   * @param arguments the folder of its data, and its port
   */
  public static void main(String[] arguments) throws Exception {
    var settings = BrokerSettings.onLoopback(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
    var broker = EmbeddedBroker.start(settings);
    Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
    new CountDownLatch(1).await();
  }
}
