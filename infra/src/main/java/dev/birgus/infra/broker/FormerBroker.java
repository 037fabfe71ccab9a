package dev.birgus.infra.broker;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.utils.Time;

/**
 * The broker that had the folder before, as the folder's metadata knows it.
 *
 * <p>A broker that was killed is in its metadata as one that is up, and the leader of all. Started
 * with that, it is the leader before it can be reached, is then taken for dead, and leads again
 * when it has registered. Between the two Kafka (4.2 to 4.4: KAFKA-20734) takes partitions without
 * a leader for deleted ones, and now and then calls transactions complete whose markers it has not
 * written: who reads what is committed waits at such a place for ever. So the metadata forgets the
 * broker before it is started, and it leads from when it is there.
 */
record FormerBroker(int node, String controller) {

  private static final int PATIENCE_SECONDS = 60;

  /**
   * Has the metadata forget it.
   *
   * @param config of the broker that is to be started
   * @throws IOException if the controller cannot be started, or does not answer
   */
  void forget(Map<String, String> config) throws IOException {
    var server = new KafkaRaftServer(new KafkaConfig(ofController(config)), Time.SYSTEM);
    try {
      server.startup();
      unregister();
    } catch (RuntimeException failed) {
      throw new IOException("the broker cannot start: " + EmbeddedBroker.reason(failed), failed);
    } finally {
      server.shutdown();
      server.awaitShutdown();
    }
  }

  private Map<String, String> ofController(Map<String, String> config) {
    var changed = new HashMap<>(config);
    changed.put("process.roles", "controller");
    changed.put("listeners", "CONTROLLER://" + controller);
    changed.remove("advertised.listeners");
    changed.remove("inter.broker.listener.name");
    // For this moment there is nobody but this process to be let in or not.
    changed.remove("authorizer.class.name");
    return changed;
  }

  private void unregister() throws IOException {
    try (var admin = Admin.create(Map.of("bootstrap.controllers", controller))) {
      admin.unregisterBroker(node).all().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      if (!(failed.getCause() instanceof BrokerIdNotRegisteredException)) {
        throw new IOException("the controller of the broker refuses: " + failed, failed);
      }
      // It was started for the first time, or ended before it had registered.
    } catch (TimeoutException silent) {
      throw new IOException("the controller of the broker does not answer", silent);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the broker was starting", hurried);
    }
  }
}
