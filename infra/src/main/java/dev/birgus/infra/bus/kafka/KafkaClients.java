package dev.birgus.infra.bus.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The clients of a cluster, each set up for what it is used for.
 *
 * @param settings how the cluster is reached
 * @param process what this process is called, which tells its members of groups from others
 */
record KafkaClients(KafkaSettings settings, String process) {

  /** After so long without a sign of life a member is taken for dead. */
  static final Duration SESSION = Duration.ofSeconds(10);

  /** How long readers wait for the open transaction of a dead process, at most. */
  private static final Duration TRANSACTION = Duration.ofSeconds(10);

  private static final Duration TRANSACTIONAL_SEND = Duration.ofSeconds(30);
  private static final int EVENTS_AT_ONCE = 200;

  Admin admin() {
    return Admin.create(new HashMap<String, Object>(settings.client()));
  }

  /** Sends single events. */
  Producer<String, byte[]> producer() {
    return new KafkaProducer<>(producing(), new StringSerializer(), new ByteArraySerializer());
  }

  /** Sends in transactions; a second one of this name fences the first. */
  Producer<String, byte[]> producer(String name) {
    var properties = producing();
    properties.put("transactional.id", settings.prefix() + name + "." + process);
    properties.put("transaction.timeout.ms", millis(TRANSACTION));
    properties.put("max.block.ms", millis(TRANSACTIONAL_SEND));
    properties.put("delivery.timeout.ms", millis(TRANSACTIONAL_SEND));
    properties.put("request.timeout.ms", millis(TRANSACTIONAL_SEND.dividedBy(2)));
    // A transaction that follows another at once is refused until that one is wholly done, which
    // takes a few milliseconds and not the usual 100.
    properties.putIfAbsent("retry.backoff.ms", "5");
    return new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
  }

  private Map<String, Object> producing() {
    var properties = new HashMap<String, Object>(settings.client());
    properties.put("acks", "all");
    properties.put("enable.idempotence", "true");
    // Waiting for company costs 5 ms an event, and there seldom is any.
    properties.put("linger.ms", "0");
    properties.put("compression.type", "gzip");
    properties.put("max.request.size", String.valueOf(KafkaTopics.LARGEST_EVENT));
    return properties;
  }

  /** Reads what it is told to, in no group. */
  KafkaConsumer<String, byte[]> consumer() {
    return consumer(Map.of());
  }

  /** A member of a group that goes on where the group was. */
  KafkaConsumer<String, byte[]> member(String group) {
    return consumer(Map.of("group.id", group, "max.poll.interval.ms", "900000"));
  }

  /**
   * A member of a group whose partitions stay its own while it is started again, which takes less
   * than a session. Topics with equal partitions are dealt out together.
   */
  KafkaConsumer<String, byte[]> permanentMember(String group) {
    return consumer(
        Map.of(
            "group.id",
            group,
            "group.instance.id",
            process,
            "partition.assignment.strategy",
            RangeAssignor.class.getName(),
            "max.poll.records",
            String.valueOf(EVENTS_AT_ONCE)));
  }

  /** A member of a group of workers, that has a partition as long as it can. */
  KafkaConsumer<String, byte[]> workingMember(String group) {
    return consumer(
        Map.of(
            "group.id",
            group,
            "partition.assignment.strategy",
            CooperativeStickyAssignor.class.getName(),
            "max.poll.records",
            "1"));
  }

  private KafkaConsumer<String, byte[]> consumer(Map<String, String> more) {
    var properties = new HashMap<String, Object>(settings.client());
    properties.put("enable.auto.commit", "false");
    properties.put("isolation.level", "read_committed");
    // Whoever has no place is given one knowingly.
    properties.put("auto.offset.reset", "none");
    properties.put("max.partition.fetch.bytes", String.valueOf(KafkaTopics.LARGEST_EVENT));
    properties.put("session.timeout.ms", millis(SESSION));
    properties.putAll(more);
    return new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
  }

  /** A member of a share group, with one job at a time. */
  ShareConsumer<String, byte[]> shareMember(String group) {
    var properties = new HashMap<String, Object>(settings.client());
    properties.put("group.id", group);
    properties.put("share.acknowledgement.mode", "explicit");
    // The default gives all that is there to whoever asks first.
    properties.put("share.acquire.mode", "record_limit");
    properties.put("max.poll.records", "1");
    // After a broker's restart it waits so long for an answer that never comes. Then it closes the
    // connection, with which leases end: so it waits for as long as they last.
    properties.putIfAbsent("request.timeout.ms", millis(settings.lease()));
    return new KafkaShareConsumer<>(
        properties, new StringDeserializer(), new ByteArrayDeserializer());
  }

  private static String millis(Duration time) {
    return String.valueOf(time.toMillis());
  }
}
