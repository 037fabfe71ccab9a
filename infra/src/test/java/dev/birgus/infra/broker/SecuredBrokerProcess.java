package dev.birgus.infra.broker;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A {@link SecuredBroker} in a process of its own. */
public final class SecuredBrokerProcess {

  private SecuredBrokerProcess() {}

  /**
   * Runs until the process is told to end, and says when it is ready.
   *
   * @param arguments the folder of its data, that of its certificates, and its port
   */
  public static void main(String[] arguments) throws Exception {
    var broker =
        SecuredBroker.start(
            Path.of(arguments[0]), Path.of(arguments[1]), Integer.parseInt(arguments[2]));
    Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
    System.out.println("ready");
    new CountDownLatch(1).await();
  }
}
