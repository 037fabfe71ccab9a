package dev.birgus.infra.bus.kafka;

import dev.birgus.infra.contracts.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;

/** The topics and groups of a cluster: their names, and how they are made. */
final class KafkaTopics {

  /** Stages with many files have long events; a broker's default of 1 MiB is too little. */
  static final int LARGEST_EVENT = 16 << 20;

  private final KafkaSettings settings;

  KafkaTopics(KafkaSettings settings) {
    this.settings = settings;
  }

  /** The name of a topic that is no work queue. */
  String name(Topic topic) {
    return settings.prefix() + topic.topicName();
  }

  /** The name of the topic of a lane of a work queue. */
  String name(Topic queue, String lane) {
    return name(queue) + "." + lane;
  }

  /** The name of a group. */
  String group(String group) {
    return settings.prefix() + group;
  }

  /** Makes the topics that are missing. Several processes may do so at once. */
  void make(Admin admin) throws InterruptedException {
    var wanted = new ArrayList<NewTopic>();
    for (var topic : Topic.values()) {
      wanted.add(
          new NewTopic(
                  topic.isWorkQueue() ? name(topic, settings.pool()) : name(topic),
                  Optional.of(partitions(topic)),
                  Optional.of(settings.replication()))
              .configs(Map.of("max.message.bytes", String.valueOf(LARGEST_EVENT))));
    }
    for (var made : admin.createTopics(wanted).values().values()) {
      try {
        made.get();
      } catch (ExecutionException failed) {
        if (!(failed.getCause() instanceof TopicExistsException)) {
          throw KafkaFailures.of("cannot make the topics", failed.getCause());
        }
      }
    }
  }

  /**
   * Jobs go to whoever is free, which a share group does only within a partition: with several it
   * deals them out as any other group does.
   */
  private int partitions(Topic topic) {
    return switch (topic) {
      case WORK, PUSHES -> 1;
      case BUILDS, RESULTS, STAGES, LINES, CONTROL, EVENTS, LOGS -> settings.partitions();
    };
  }

  /**
   * Sets what a share group needs: the broker's defaults lose jobs sent before its first member.
   */
  void makeShareGroup(Admin admin, String group) throws InterruptedException {
    var wanted = new HashMap<String, String>();
    wanted.put("share.auto.offset.reset", "earliest");
    wanted.put("share.record.lock.duration.ms", String.valueOf(settings.lease().toMillis()));
    List<AlterConfigOp> changes =
        wanted.entrySet().stream()
            .map(each ->
                new AlterConfigOp(
                    new ConfigEntry(each.getKey(), each.getValue()), AlterConfigOp.OpType.SET))
            .toList();
    var resource = new ConfigResource(ConfigResource.Type.GROUP, group(group));
    try {
      admin.incrementalAlterConfigs(Map.of(resource, changes)).all().get();
    } catch (ExecutionException failed) {
      throw KafkaFailures.of("cannot set up the group " + group(group), failed.getCause());
    }
  }
}
