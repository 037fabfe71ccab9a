package dev.birgus.infra.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A real Kafka broker that lets in those alone who know a password, by SCRAM over TLS, and knows
 * what each of them may do.
 */
public final class SecuredBroker implements AutoCloseable {

  /** Who may do everything. */
  public static final String USER = "birgus";

  /** The password of that user. */
  public static final String PASSWORD = "a-password-that-is-nowhere-else";

  private static final String MECHANISM = "SCRAM-SHA-512";
  private static final String MODULE =
      "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\""
          + " password=\"%s\";";

  private final EmbeddedBroker broker;
  private final Path authority;

  private SecuredBroker(EmbeddedBroker broker, Path authority) {
    this.broker = broker;
    this.authority = authority;
  }

  /**
   * Starts a broker on loopback.
   *
   * @param certificates a folder with {@code ca.pem}, {@code server.pem} and {@code server.key}
   * @param port 0 for one that is free
   */
  public static SecuredBroker start(Path folder, Path certificates, int port) throws IOException {
    var authority = certificates.resolve("ca.pem");
    var store = certificates.resolve("broker.pem");
    Files.writeString(
        store,
        Files.readString(certificates.resolve("server.key"))
            + Files.readString(certificates.resolve("server.pem")));
    var broker =
        EmbeddedBroker.start(
            BrokerSettings.onLoopback(folder, port),
            List.of(MECHANISM + "=[name=" + USER + ",password=" + PASSWORD + "]"),
            config -> secured(config, store, authority));
    return new SecuredBroker(broker, authority);
  }

  private static Map<String, String> secured(Map<String, String> open, Path store, Path authority) {
    var config = new HashMap<>(open);
    for (var key : List.of("listeners", "advertised.listeners")) {
      config.computeIfPresent(key, (_, value) -> value.replaceFirst("PLAINTEXT://", "SASL_SSL://"));
    }
    config.put("listener.security.protocol.map", "SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT");
    config.put("inter.broker.listener.name", "SASL_SSL");
    config.put("sasl.enabled.mechanisms", MECHANISM);
    config.put("sasl.mechanism.inter.broker.protocol", MECHANISM);
    config.put(
        "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config", MODULE.formatted(USER, PASSWORD));
    config.put("ssl.keystore.type", "PEM");
    config.put("ssl.keystore.location", store.toString());
    config.put("ssl.truststore.type", "PEM");
    config.put("ssl.truststore.location", authority.toString());
    config.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    config.put("super.users", "User:" + USER + ";User:ANONYMOUS");
    return config;
  }

  /** Where clients find it. */
  public String address() {
    return broker.address();
  }

  /** What a client has to say to be let in with this password. */
  public Map<String, String> client(String password) {
    return client(USER, password);
  }

  /** The same of another user. */
  public Map<String, String> client(String user, String password) {
    return Map.of(
        "bootstrap.servers",
        address(),
        "security.protocol",
        "SASL_SSL",
        "sasl.mechanism",
        MECHANISM,
        "sasl.jaas.config",
        MODULE.formatted(user, password),
        "ssl.truststore.type",
        "PEM",
        "ssl.truststore.location",
        authority.toString());
  }

  @Override
  public void close() {
    broker.close();
  }
}
