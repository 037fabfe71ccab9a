package dev.birgus.load;

import dev.birgus.infra.credentials.CredentialChain;
import dev.birgus.infra.credentials.CredentialSettings;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.registry.RegistrySettings;
import dev.birgus.infra.registry.RemoteRegistries;
import dev.birgus.infra.registry.ServiceConnections;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What the client of registries does. */
final class RegistryParts {

  private static final int REQUESTS = 2000;
  private static final int SIDE_BY_SIDE = 4;
  private static final int WARM_UP = 100;
  private static final int SPREAD = 3;

  private RegistryParts() {}

  /**
   * Two thousand requests, four at a time, that must leave no more descriptors open than a hundred.
   */
  static void requests(Path result, String host, String repository) throws Exception {
    var settings = RegistrySettings.DEFAULT;
    var credentials =
        CredentialChain.of(
            CredentialSettings.fromEnvironment(Map.of()),
            new ServiceConnections(settings),
            Journal.silent());
    try (var registries = new RemoteRegistries(settings, credentials, Journal.silent())) {
      ask(registries, host, repository, WARM_UP);
      var before = descriptors();
      Parts.measure(result, 0, 1, () -> {}, () -> ask(registries, host, repository, REQUESTS));
      var after = descriptors();
      System.err.println("descriptors after " + WARM_UP + " requests: " + before);
      System.err.println("descriptors after " + (WARM_UP + REQUESTS) + " requests: " + after);
      if (after > before + SPREAD) {
        throw new IllegalStateException("descriptors grew from " + before + " to " + after);
      }
    }
  }

  private static void ask(RemoteRegistries registries, String host, String repository, int count)
      throws Exception {
    var registry = registries.pull(host);
    var missing = Digest.sha256(new byte[] {1});
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<Void>>();
      for (var i = 0; i < SIDE_BY_SIDE; i++) {
        Callable<Void> some =
            () -> {
              for (var j = 0; j < count / SIDE_BY_SIDE; j++) {
                registry.hasBlob(repository, missing);
              }
              return null;
            };
        running.add(threads.submit(some));
      }
      for (var each : running) {
        each.get();
      }
    }
  }

  private static long descriptors() throws IOException {
    try (var open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }
}
