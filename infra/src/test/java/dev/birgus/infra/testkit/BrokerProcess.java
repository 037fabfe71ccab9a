package dev.birgus.infra.testkit;

import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.libraries.LibraryLogs;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A broker in a process of its own. */
public final class BrokerProcess {

  private BrokerProcess() {}

  /**
   * Runs until the process is told to end. It says where it is when it is ready; whatever Kafka
   * warns of it says as well.
   *
   * @param arguments the folder of its data, and its port; 0 for one that is free
   */
  public static void main(String[] arguments) throws Exception {
    System.setProperty(LibraryLogs.PROPERTY, LibraryLogs.class.getName());
    Journal warnings = (level, text, fields) -> System.err.println(level + " " + text);
    try (var _ = LibraryLogs.to(warnings)) {
      var broker = EmbeddedBroker.start(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
      Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
      System.out.println(broker.address());
      new CountDownLatch(1).await();
    }
  }
}
