package dev.birgus.infra.bus.kafka;

import dev.birgus.infra.bus.Redelivery;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** What is asked of a cluster besides sending and reading: topics, groups, and what it can do. */
final class Cluster {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration LEADERS = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(50);

  /** With this level of share groups brokers know of topics for jobs no worker survives. */
  private static final int DEAD_LETTERS = 2;

  private final KafkaSettings settings;
  private final Admin admin;
  private final Journal journal;
  private final int shareVersion;
  private final int brokers;
  private final KafkaTopics topics;

  /** The topics of lanes that are known to be there, and their partitions. */
  private final Map<String, Integer> lanes = new ConcurrentHashMap<>();

  private final AtomicInteger sent = new AtomicInteger();

  /**
   * Asks the cluster what it can do.
   *
   * @throws dev.birgus.infra.contracts.FailureException if it cannot be reached
   */
  Cluster(KafkaSettings settings, Admin admin, Journal journal) throws InterruptedException {
    this.settings = settings;
    this.admin = admin;
    this.journal = journal;
    this.shareVersion =
        switch (settings.queues()) {
          case SHARED_IF_POSSIBLE -> shareVersion();
          case CLASSIC -> 0;
        };
    this.brokers = brokers();
    var copies = (short) Math.min(KafkaTopics.COPIES, brokers);
    this.topics =
        new KafkaTopics(
            settings,
            shareVersion > 0,
            settings.replication() > 0 ? settings.replication() : copies);
    if (shareVersion == 0) {
      journal.log(
          Journal.Level.WARN,
          "jobs are given out by consumer groups: a job waits for the worker its partition"
              + " belongs to, though another may be free",
          Map.of("queues", settings.queues().name()));
    }
  }

  private int shareVersion() throws InterruptedException {
    var asked = admin.describeFeatures().featureMetadata();
    try {
      var features = asked.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      var version = features.finalizedFeatures().get("share.version");
      return version == null ? 0 : version.maxVersionLevel();
    } catch (TimeoutException late) {
      throw KafkaFailures.of("no answer in " + LIMIT, late);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof UnsupportedVersionException) {
        return 0;
      }
      throw KafkaFailures.of("the cluster cannot be asked what it can do", failed.getCause());
    }
  }

  /** How many brokers there are, those that are away for now among them if they are told. */
  private int brokers() throws InterruptedException {
    try {
      return brokers(new DescribeClusterOptions().includeFencedBrokers(true));
    } catch (UnsupportedVersionException _) {
      return brokers(new DescribeClusterOptions());
    }
  }

  private int brokers(DescribeClusterOptions options) throws InterruptedException {
    try {
      var found =
          admin.describeCluster(options).nodes().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      return Math.max(1, found.size());
    } catch (TimeoutException late) {
      throw KafkaFailures.of("no answer in " + LIMIT, late);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof UnsupportedVersionException old) {
        throw old;
      }
      throw KafkaFailures.of("the cluster cannot be asked for its brokers", failed.getCause());
    }
  }

  /**
   * Returns when a broker has answered.
   *
   * @throws dev.birgus.infra.contracts.FailureException if none does
   */
  void check() throws InterruptedException {
    try {
      var _ = admin.describeCluster().nodes().get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      throw KafkaFailures.of("no broker answers", late);
    } catch (ExecutionException failed) {
      throw KafkaFailures.of("no broker answers", failed.getCause());
    }
  }

  KafkaTopics topics() {
    return topics;
  }

  Admin admin() {
    return admin;
  }

  /** Makes the topics that are missing. Several processes may do so at once. */
  void makeTopics() throws InterruptedException {
    var wanted = new ArrayList<NewTopic>();
    for (var topic : Topic.values()) {
      if (!topic.isWorkQueue()) {
        wanted.add(topics.plain(topic));
      }
    }
    if (shareVersion >= DEAD_LETTERS) {
      wanted.add(topics.forDeadLetters());
    }
    make(wanted);
  }

  /** Makes the topic of a lane if it is missing. */
  void makeLane(Topic queue, String lane) throws InterruptedException {
    var name = topics.name(queue, lane);
    if (!lanes.containsKey(name)) {
      var found = make(List.of(topics.lane(queue, lane))).get(name);
      lanes.put(name, found == null ? 1 : found.partitions().size());
    }
  }

  /** The record, and if it is a job the partition whose turn it is: a lane is one key. */
  ProducerRecord<String, byte[]> spread(ProducerRecord<String, byte[]> record) {
    var partitions = lanes.get(record.topic());
    if (partitions == null) {
      return record;
    }
    var turn = Math.floorMod(sent.getAndIncrement(), partitions);
    return new ProducerRecord<>(
        record.topic(), turn, record.key(), record.value(), record.headers());
  }

  /**
   * Makes the topic of a processor's table if it is missing.
   *
   * @param reads the names of the topics it reads
   * @return into how many shares its keys are divided
   * @throws dev.birgus.infra.contracts.FailureException if its topics are not divided alike
   */
  int makeTable(String processor, Collection<String> reads) throws InterruptedException {
    var partitions =
        describe(reads).values().stream()
            .map(each -> each.partitions().size())
            .collect(Collectors.toSet());
    if (partitions.size() != 1) {
      throw unlike(processor, reads + " have " + partitions + " partitions");
    }
    var shares = partitions.iterator().next();
    create(List.of(topics.table(processor, shares)));
    var table = topics.table(processor);
    var tables = describe(List.of(table));
    tellFewCopies(tables.values());
    var found = tables.get(table);
    if (found == null || found.partitions().size() != shares) {
      throw unlike(
          processor, "its table " + table + " is not divided as " + reads + ": into " + shares);
    }
    return shares;
  }

  private static RuntimeException unlike(String processor, String what) {
    return Failure.of(
            "bus-partitions",
            "Kafka: the topics of the processor " + processor + " are not divided alike: " + what,
            "stop all processes and delete these topics, or use another prefix")
        .toException();
  }

  private Map<String, TopicDescription> make(List<NewTopic> wanted) throws InterruptedException {
    create(wanted);
    var found = describe(wanted.stream().map(NewTopic::name).toList());
    tellFewCopies(found.values());
    for (var topic : wanted) {
      var description = found.get(topic.name());
      if (description != null && description.partitions().size() != topic.numPartitions()) {
        journal.log(
            Journal.Level.WARN,
            "a topic is not divided as the settings say; it is used as it is",
            Map.of(
                LogKeys.TOPIC,
                topic.name(),
                "partitions",
                String.valueOf(description.partitions().size()),
                "wanted",
                String.valueOf(topic.numPartitions())));
      }
    }
    return found;
  }

  /** A topic keeps the copies it was made with: there may have been fewer brokers then. */
  private void tellFewCopies(Collection<TopicDescription> found) {
    var few =
        found.stream()
            .filter(topic ->
                topic.partitions().stream()
                    .anyMatch(each -> each.replicas().size() < Math.min(topics.copies(), brokers)))
            .map(TopicDescription::name)
            .sorted()
            .toList();
    if (!few.isEmpty()) {
      journal.log(
          Journal.Level.WARN,
          "topics have fewer copies than they should: builds wait while a broker of theirs is away",
          Map.of(
              "topics",
              String.join(",", few),
              "wanted",
              String.valueOf(topics.copies()),
              "brokers",
              String.valueOf(brokers),
              "advice",
              "give them more by kafka-reassign-partitions.sh, or set kafka.replication to what"
                  + " they are to have"));
    }
  }

  /** Only what is missing: who may not make topics may use those that others have made. */
  private void create(List<NewTopic> wanted) throws InterruptedException {
    var missing = missing(wanted);
    if (missing.isEmpty()) {
      return;
    }
    for (var made : admin.createTopics(missing).values().values()) {
      try {
        made.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException late) {
        throw KafkaFailures.of("the topics are not made in " + LIMIT, late);
      } catch (ExecutionException failed) {
        if (!(failed.getCause() instanceof TopicExistsException)) {
          throw KafkaFailures.of("cannot make the topics", failed.getCause());
        }
      }
    }
  }

  private List<NewTopic> missing(List<NewTopic> wanted) throws InterruptedException {
    var known =
        admin.describeTopics(wanted.stream().map(NewTopic::name).toList()).topicNameValues();
    var missing = new ArrayList<NewTopic>();
    for (var each : wanted) {
      var found = known.get(each.name());
      try {
        if (found != null) {
          found.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        }
      } catch (TimeoutException late) {
        throw KafkaFailures.of("the topics are not described in " + LIMIT, late);
      } catch (ExecutionException failed) {
        // What it is not, the attempt to make it tells best.
        missing.add(each);
      }
    }
    return missing;
  }

  /** These topics, when every partition has a leader. */
  private Map<String, TopicDescription> describe(Collection<String> names)
      throws InterruptedException {
    var until = System.nanoTime() + LEADERS.toNanos();
    while (true) {
      try {
        var found =
            admin
                .describeTopics(names)
                .allTopicNames()
                .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        if (found.values().stream().allMatch(Cluster::isLed)) {
          return found;
        }
      } catch (TimeoutException late) {
        throw KafkaFailures.of("the topics are not described in " + LIMIT, late);
      } catch (ExecutionException failed) {
        if (!(failed.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw KafkaFailures.of("cannot describe the topics", failed.getCause());
        }
      }
      if (System.nanoTime() > until) {
        throw KafkaFailures.of("topics have no leaders after " + LEADERS + ": " + names, null);
      }
      Thread.sleep(PAUSE);
    }
  }

  private static boolean isLed(TopicDescription topic) {
    return topic.partitions().stream()
        .allMatch(each -> each.leader() != null && each.leader().id() != Node.noNode().id());
  }

  /**
   * Up to where the brokers have records of each partition of this topic, those of transactions
   * that are open among them.
   */
  Map<TopicPartition, Long> ends(String topic) throws InterruptedException {
    var description = describe(List.of(topic)).get(topic);
    var partitions = description == null ? 0 : description.partitions().size();
    return ends(topic, IntStream.range(0, partitions).boxed().toList());
  }

  /** The same of these partitions only. */
  Map<TopicPartition, Long> ends(String topic, Collection<Integer> partitions)
      throws InterruptedException {
    var asked =
        partitions.stream()
            .collect(
                Collectors.toMap(
                    each -> new TopicPartition(topic, each), _ -> OffsetSpec.latest()));
    var answer =
        get(admin.listOffsets(asked).all(), "it cannot be asked how long " + topic + " is");
    return answer.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().offset()));
  }

  /**
   * Sets what a share group needs: the broker's defaults lose jobs sent before its first member,
   * and give out jobs of transactions that were undone.
   *
   * @param group its name among the brokers
   */
  void makeShareGroup(String group) throws InterruptedException {
    var wanted = new HashMap<String, String>();
    wanted.put("share.auto.offset.reset", "earliest");
    wanted.put("share.isolation.level", "read_committed");
    wanted.put("share.record.lock.duration.ms", String.valueOf(settings.lease().toMillis()));
    wanted.put("share.delivery.count.limit", String.valueOf(Redelivery.MOST));
    if (shareVersion >= DEAD_LETTERS) {
      wanted.put("errors.deadletterqueue.topic.name", topics.deadLetters());
      wanted.put("errors.deadletterqueue.copy.record.enable", "true");
    }
    List<AlterConfigOp> changes =
        wanted.entrySet().stream()
            .map(each ->
                new AlterConfigOp(
                    new ConfigEntry(each.getKey(), each.getValue()), AlterConfigOp.OpType.SET))
            .toList();
    var resource = new ConfigResource(ConfigResource.Type.GROUP, group);
    get(
        admin.incrementalAlterConfigs(Map.of(resource, changes)).all(),
        "cannot set up the group " + group);
  }

  private static <T> T get(KafkaFuture<T> answer, String what) throws InterruptedException {
    try {
      return answer.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException failed) {
      throw KafkaFailures.of(
          what, failed instanceof ExecutionException refused ? refused.getCause() : failed);
    }
  }
}
