package dev.birgus.infra.bus.kafka;

import dev.birgus.infra.contracts.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * The topics and groups of a cluster: their names, and what they are like.
 *
 * @param settings of the cluster
 * @param shared whether jobs are given to workers by share groups
 * @param copies of each topic
 */
record KafkaTopics(KafkaSettings settings, boolean shared, short copies) {

  /** Copies nobody said anything about: one may be away, and another be lost then. */
  static final short COPIES = 3;

  /** Stages with many files have long events; a broker's default of 1 MiB is too little. */
  static final int LARGEST_EVENT = 16 << 20;

  /** Copies that must have an event before it counts as sent. */
  private static final int SAFE = 2;

  private static final int SAFE_FROM = 3;
  private static final Duration TABLE_SEGMENT = Duration.ofHours(1);
  private static final int TABLE_SEGMENT_BYTES = 64 << 20;

  /** Those of a cluster of one broker. */
  KafkaTopics(KafkaSettings settings, boolean shared) {
    this(settings, shared, (short) Math.max(1, settings.replication()));
  }

  /** The name of a topic that is no work queue. */
  String name(Topic topic) {
    return settings.prefix() + topic.topicName();
  }

  /** The name of the topic of a lane of a work queue. */
  String name(Topic queue, String lane) {
    return name(queue) + "." + lane;
  }

  /** The name of the topic events with this key go to. */
  String target(Topic topic, String key) {
    return topic.isWorkQueue() ? name(topic, key) : name(topic);
  }

  /** The name of the topic that holds a processor's table. */
  String table(String processor) {
    return settings.prefix() + "table." + processor;
  }

  /** The name of a group. */
  String group(String group) {
    return settings.prefix() + group;
  }

  /**
   * The name of the group that the workers of one lane are. Brokers bound the members of a share
   * group, so lanes have one each; and a group that was of one kind cannot become the other.
   */
  String workers(String group, String laneTopic) {
    return group(group) + (shared ? ".shared." : ".") + laneTopic;
  }

  /** Where jobs go that no worker survives; brokers want it to begin like this. */
  String deadLetters() {
    return "dlq." + settings.prefix() + "work";
  }

  /** A topic that is no work queue, as it should be. */
  NewTopic plain(Topic topic) {
    return topic(name(topic), settings.partitions(), kept(retention(topic)));
  }

  /**
   * The topic of a lane. Jobs go to whoever is free, which a share group does only within a
   * partition: with several it deals them out as any other group does.
   */
  NewTopic lane(Topic queue, String lane) {
    return topic(
        name(queue, lane),
        shared ? 1 : settings.partitions(),
        kept(settings.retention().driving()));
  }

  /** The topic of a processor's table, with as many partitions as what it reads. */
  NewTopic table(String processor, int partitions) {
    return topic(
        table(processor),
        partitions,
        Map.of(
            "cleanup.policy",
            "compact",
            "min.cleanable.dirty.ratio",
            "0.1",
            "segment.ms",
            String.valueOf(TABLE_SEGMENT.toMillis()),
            "segment.bytes",
            String.valueOf(TABLE_SEGMENT_BYTES)));
  }

  /** The topic for jobs that no worker survives. */
  NewTopic forDeadLetters() {
    var configs = new HashMap<>(kept(settings.retention().driving()));
    configs.put("errors.deadletterqueue.group.enable", "true");
    return topic(deadLetters(), 1, configs);
  }

  private Duration retention(Topic topic) {
    return switch (topic) {
      case EVENTS -> settings.retention().events();
      case LOGS -> settings.retention().logs();
      case BUILDS, RESULTS, STAGES, LINES, CONTROL, WORK, PUSHES -> settings.retention().driving();
    };
  }

  /** What is deleted is deleted a segment at a time: without a limit some is kept twice as long. */
  private static Map<String, String> kept(Duration time) {
    var segment = KafkaSettings.Retention.SEGMENT.toMillis();
    return Map.of(
        "retention.ms",
        String.valueOf(time.toMillis()),
        "segment.ms",
        String.valueOf(Math.min(segment, time.toMillis())));
  }

  private NewTopic topic(String name, int partitions, Map<String, String> more) {
    var configs = new HashMap<>(more);
    configs.put("max.message.bytes", String.valueOf(LARGEST_EVENT));
    if (copies >= SAFE_FROM) {
      configs.put("min.insync.replicas", String.valueOf(SAFE));
    }
    return new NewTopic(name, Optional.of(partitions), Optional.of(copies)).configs(configs);
  }
}
