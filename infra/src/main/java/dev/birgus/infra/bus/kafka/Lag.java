package dev.birgus.infra.bus.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** How far groups are behind, as the brokers know it. */
record Lag(Admin admin) {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  /** Jobs of a topic a share group has not acknowledged; those that run are among them. */
  long ofShareGroup(String group, String topic) throws InterruptedException {
    var partitions = partitions(List.of(topic));
    var asked =
        admin.listShareGroupOffsets(
            Map.of(group, new ListShareGroupOffsetsSpec().topicPartitions(partitions)));
    Map<TopicPartition, SharePartitionOffsetInfo> known =
        get(asked.partitionsToOffsetInfo(group)).orElse(Map.of());
    var unknown = new HashMap<TopicPartition, OffsetAndMetadata>();
    var lag = 0L;
    for (var partition : partitions) {
      var counted =
          Optional.ofNullable(known.get(partition)).flatMap(SharePartitionOffsetInfo::lag);
      if (counted.isPresent()) {
        lag += counted.get();
      } else {
        unknown.put(partition, new OffsetAndMetadata(0));
      }
    }
    return lag + behind(unknown);
  }

  /** Events of these topics a group has not committed. */
  long ofGroup(String group, Collection<String> topics) throws InterruptedException {
    var places = new HashMap<TopicPartition, OffsetAndMetadata>();
    partitions(topics).forEach(each -> places.put(each, new OffsetAndMetadata(0)));
    get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
        .orElse(Map.of())
        .forEach((partition, place) -> {
          if (place != null && places.containsKey(partition)) {
            places.put(partition, place);
          }
        });
    return behind(places);
  }

  private List<TopicPartition> partitions(Collection<String> topics) throws InterruptedException {
    return get(admin.describeTopics(topics).allTopicNames()).orElse(Map.of()).values().stream()
        .flatMap(topic ->
            topic.partitions().stream()
                .map(each -> new TopicPartition(topic.name(), each.partition())))
        .toList();
  }

  /** From these places, or what is oldest, to the ends. */
  private long behind(Map<TopicPartition, OffsetAndMetadata> places) throws InterruptedException {
    if (places.isEmpty()) {
      return 0;
    }
    var oldest = offsets(places.keySet(), OffsetSpec.earliest());
    var newest = offsets(places.keySet(), OffsetSpec.latest());
    var behind = 0L;
    for (var place : places.entrySet()) {
      var from = Math.max(place.getValue().offset(), oldest.getOrDefault(place.getKey(), 0L));
      behind += Math.max(0, newest.getOrDefault(place.getKey(), from) - from);
    }
    return behind;
  }

  private Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, OffsetSpec which)
      throws InterruptedException {
    var asked = partitions.stream().collect(Collectors.toMap(each -> each, _ -> which));
    return get(admin.listOffsets(asked).all()).orElse(Map.of()).entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().offset()));
  }

  /** The answer; empty if there is no such group. */
  private static <T> Optional<T> get(KafkaFuture<T> answer) throws InterruptedException {
    try {
      return Optional.ofNullable(answer.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException late) {
      throw KafkaFailures.of("no answer in " + LIMIT, late);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof GroupIdNotFoundException) {
        return Optional.empty();
      }
      throw KafkaFailures.of("it cannot be asked how far groups are", failed.getCause());
    }
  }
}
