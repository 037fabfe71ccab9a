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
 * @param partitions of the topics that have several; more than there will ever be planners
 * @param replication copies of each topic, no more than there are brokers; 0 for three, or one on
 *     each broker where there are fewer
 * @param lease how long a job is its worker's without a sign of life, 15 to 60 s
 * @param retention how long events are kept
 * @param queues how jobs are given to workers
 */
public record KafkaSettings(
    Map<String, String> client,
    String prefix,
    int partitions,
    short replication,
    Duration lease,
    Retention retention,
    Queues queues) {

  /** Partitions of a topic nobody said anything about. */
  public static final int PARTITIONS = 12;

  /** The shortest lease brokers allow. */
  public static final Duration LEASE = Duration.ofSeconds(15);

  private static final Duration LONGEST_LEASE = Duration.ofSeconds(60);
  private static final String NAME = "[A-Za-z0-9._-]{0,64}";

  /** How jobs are given to workers. */
  public enum Queues {
    /** By share groups if the cluster has them, else as {@link #CLASSIC}. */
    SHARED_IF_POSSIBLE,
    /** By consumer groups: a job waits for the worker its partition belongs to. */
    CLASSIC
  }

  /**
   * How long events are kept.
   *
   * @param driving those that drive builds: longer than any process is away
   * @param events the public feed
   * @param logs what steps print
   */
  public record Retention(Duration driving, Duration events, Duration logs) {
    private static final Duration SHORTEST = Duration.ofHours(1);

    /** So much longer than it has to be an event may be kept. */
    static final Duration SEGMENT = Duration.ofDays(1);

    /** What nobody said anything about is kept for a week, and what steps print for three days. */
    public static final Retention DEFAULT =
        new Retention(Duration.ofDays(7), Duration.ofDays(7), Duration.ofDays(3));

    public Retention {
      if (driving.compareTo(SHORTEST) < 0
          || events.compareTo(SHORTEST) < 0
          || logs.compareTo(SHORTEST) < 0) {
        throw new IllegalArgumentException("events are kept for an hour at least");
      }
    }

    /**
     * For how long an event may come again that is kept for this time: who remembers for so long
     * what it led to does nothing twice.
     */
    public static Duration longest(Duration kept) {
      return kept.plus(SEGMENT.multipliedBy(2));
    }
  }

  public KafkaSettings {
    client = Map.copyOf(client);
    requireNonNull(retention, "retention");
    requireNonNull(queues, "queues");
    if (!prefix.matches(NAME)) {
      throw new IllegalArgumentException(
          "a prefix has letters, digits, dots, dashes and underscores, at most 64: " + prefix);
    }
    if (partitions < 1 || replication < 0) {
      throw new IllegalArgumentException("topics need a partition, and no fewer copies than none");
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
        PARTITIONS,
        (short) 0,
        LEASE,
        Retention.DEFAULT,
        Queues.SHARED_IF_POSSIBLE);
  }

  /** The same with this prefix. */
  public KafkaSettings withPrefix(String other) {
    return new KafkaSettings(client, other, partitions, replication, lease, retention, queues);
  }

  /** The same with so many partitions. */
  public KafkaSettings withPartitions(int number) {
    return new KafkaSettings(client, prefix, number, replication, lease, retention, queues);
  }

  /** The same with so many copies of each topic. */
  public KafkaSettings withReplication(int copies) {
    return new KafkaSettings(client, prefix, partitions, (short) copies, lease, retention, queues);
  }

  /** The same with jobs given to workers this way. */
  public KafkaSettings withQueues(Queues other) {
    return new KafkaSettings(client, prefix, partitions, replication, lease, retention, other);
  }

  /** Without the client's properties, among which passwords may be. */
  @Override
  public String toString() {
    return "KafkaSettings[" + client.getOrDefault("bootstrap.servers", "?") + ", " + prefix + "]";
  }
}
