package dev.birgus.infra.bus.kafka;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Map;

/**
 * How a cluster is reached and what it is asked for.
 *
 * @param client properties of every client as Kafka documents them: {@code bootstrap.servers}, and
 *     what TLS and SASL need. They may hold passwords.
 * @param prefix of every topic and group, with its separator: {@code birgus.}
 * @param pool whose jobs are taken and given: executor nodes of one platform and size
 * @param partitions of the topics that have several; more than there will ever be planners
 * @param replication copies of each topic, no more than there are brokers
 * @param lease how long a job is its worker's without a sign of life, 15 to 60 s
 */
public record KafkaSettings(
    Map<String, String> client,
    String prefix,
    String pool,
    int partitions,
    short replication,
    Duration lease) {

  /** Partitions of a topic nobody said anything about. */
  public static final int PARTITIONS = 12;

  /** The shortest lease brokers allow. */
  public static final Duration LEASE = Duration.ofSeconds(15);

  private static final Duration LONGEST_LEASE = Duration.ofSeconds(60);
  private static final String NAME = "[A-Za-z0-9._-]{0,64}";

  public KafkaSettings {
    client = Map.copyOf(client);
    requireNonNull(lease, "lease");
    if (!prefix.matches(NAME) || !pool.matches(NAME) || pool.isEmpty()) {
      throw new IllegalArgumentException(
          "prefix and pool have letters, digits, dots, dashes and underscores, at most 64: "
              + prefix
              + ", "
              + pool);
    }
    if (partitions < 1 || replication < 1) {
      throw new IllegalArgumentException("topics need a partition and a copy");
    }
    if (lease.compareTo(LEASE) < 0 || lease.compareTo(LONGEST_LEASE) > 0) {
      throw new IllegalArgumentException("brokers allow leases of 15 to 60 seconds, not " + lease);
    }
  }

  /** A cluster at this address, of which nothing special is known. */
  public static KafkaSettings at(String bootstrapServers) {
    return new KafkaSettings(
        Map.of("bootstrap.servers", bootstrapServers),
        "birgus.",
        "default",
        PARTITIONS,
        (short) 1,
        LEASE);
  }

  /** Without the client's properties, among which passwords may be. */
  @Override
  public String toString() {
    return "KafkaSettings[" + client.getOrDefault("bootstrap.servers", "?") + ", " + prefix + "]";
  }
}
