package dev.birgus.infra.bus.kafka;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.bus.BusWatch;
import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.bus.Job;
import dev.birgus.infra.bus.Processing;
import dev.birgus.infra.bus.Replay;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** The bus of a cluster. Events are published when the brokers have them. */
public final class KafkaEventBus implements EventBus {

  private static final Duration CLOSING = Duration.ofSeconds(30);

  private final KafkaSettings settings;
  private final KafkaClients clients;
  private final Cluster cluster;
  private final KafkaTopics topics;
  private final KafkaRecords records;
  private final Handling handling;
  private final Admin admin;
  private final Producer<String, byte[]> producer;
  private final List<TopicReader> readers = new CopyOnWriteArrayList<>();
  private final List<ShareWorker> workers = new CopyOnWriteArrayList<>();
  private final List<ClassicWorker> classicWorkers = new CopyOnWriteArrayList<>();
  private final List<ProcessMember<?>> members = new CopyOnWriteArrayList<>();

  /**
   * A bus, with its topics made where they are missing.
   *
   * @param process what this process is called: in the events it sends, and among the members of
   *     groups. No two processes have the same name at the same time; one that is started again
   *     under its name goes on at once where it was.
   * @param watch told of handlers that threw and of all else that nobody else is told
   * @throws dev.birgus.infra.contracts.FailureException if the cluster cannot be reached
   */
  public static KafkaEventBus open(
      KafkaSettings settings, String process, Journal journal, BusWatch watch)
      throws InterruptedException {
    var clients = new KafkaClients(settings, process);
    var admin = clients.admin();
    try {
      var cluster = new Cluster(settings, admin, journal);
      cluster.makeTopics();
      return new KafkaEventBus(settings, clients, cluster, journal, watch);
    } catch (RuntimeException | InterruptedException failed) {
      admin.close(Duration.ZERO);
      throw failed;
    }
  }

  private KafkaEventBus(
      KafkaSettings settings,
      KafkaClients clients,
      Cluster cluster,
      Journal journal,
      BusWatch watch) {
    this.settings = settings;
    this.clients = clients;
    this.cluster = cluster;
    this.topics = cluster.topics();
    this.admin = cluster.admin();
    this.records = new KafkaRecords("/birgus/" + clients.process(), InstantSource.system());
    this.handling = new Handling(records, journal, watch, this::fail);
    this.producer = clients.producer();
  }

  @Override
  public void publish(Topic topic, String key, Event event) {
    requireNonNull(key, "key");
    requireNonNull(event, "event");
    if (topic.isWorkQueue()) {
      makeLane(topic, key);
    }
    var record = cluster.spread(records.of(topics.target(topic, key), key, event));
    if (topic.isFeed()) {
      // What nobody's work depends on is not waited for.
      var _ = producer.send(record, (_, failed) -> handling.sent(record.topic(), failed));
    } else {
      send(record, event.subject());
    }
  }

  private void send(ProducerRecord<String, byte[]> record, String subject) {
    var sent = producer.send(record);
    try {
      sent.get();
    } catch (InterruptedException _) {
      // The event is on its way all the same: it must not be lost.
      Thread.currentThread().interrupt();
    } catch (ExecutionException failed) {
      throw KafkaFailures.of("an event of " + subject + " cannot be sent", failed.getCause());
    }
  }

  /** Ends a build a job of which nobody can read. */
  private void fail(String build, Failure why) {
    BuildId id;
    try {
      id = new BuildId(build);
    } catch (IllegalArgumentException _) {
      // It is no build's.
      return;
    }
    publish(Topic.RESULTS, build, new Event.BuildFailed(id, why));
  }

  private void makeLane(Topic queue, String lane) {
    try {
      cluster.makeLane(queue, lane);
    } catch (InterruptedException cancelled) {
      Thread.currentThread().interrupt();
      throw KafkaFailures.of("cancelled while the lane " + lane + " was made", cancelled);
    }
  }

  @Override
  public Subscription subscribe(Topic topic, String group, Consumer<Event> handler) {
    var consumer = clients.member(topics.group(group));
    var reader = TopicReader.inGroup(consumer, topics.name(topic), handling, handler);
    return kept(readers, reader);
  }

  @Override
  public Subscription follow(Topic topic, String name, Consumer<Event> handler) {
    var ends = ends(topic);
    return kept(readers, TopicReader.fromNow(clients.consumer(), ends, handling, handler));
  }

  @Override
  public Replay replay(Topic topic, String name, Consumer<Event> handler) {
    var ends = ends(topic);
    var reader = TopicReader.fromOldest(clients.consumer(), ends, handling, handler);
    return Replay.of(kept(readers, reader), reader.caughtUp());
  }

  private Map<TopicPartition, Long> ends(Topic topic) {
    try {
      return cluster.ends(topics.name(topic));
    } catch (InterruptedException cancelled) {
      Thread.currentThread().interrupt();
      throw KafkaFailures.of("cancelled before " + topic.topicName() + " was read", cancelled);
    }
  }

  @Override
  public <S> Subscription process(Processing<S> processing) {
    try {
      var _ =
          cluster.makeTable(
              processing.name(), processing.topics().stream().map(topics::name).toList());
    } catch (InterruptedException cancelled) {
      Thread.currentThread().interrupt();
      throw KafkaFailures.of("cancelled while a processor was set up", cancelled);
    }
    var member = ProcessMember.start(processing, clients, cluster, handling);
    return kept(members, member);
  }

  @Override
  public Subscription work(
      Topic queue, String lane, String group, int slots, Consumer<Job> worker) {
    if (slots < 1) {
      throw new IllegalArgumentException("a worker needs a slot: " + slots);
    }
    makeLane(queue, lane);
    return topics.shared()
        ? sharedWork(topics.name(queue, lane), group, slots, worker)
        : classicWork(topics.name(queue, lane), group, slots, worker);
  }

  private Subscription sharedWork(String topic, String group, int slots, Consumer<Job> worker) {
    try {
      cluster.makeShareGroup(topics.workers(group, topic));
    } catch (InterruptedException cancelled) {
      Thread.currentThread().interrupt();
      throw KafkaFailures.of("cancelled while a worker was set up", cancelled);
    }
    var made =
        new ShareWorker(
            slots,
            () -> clients.shareMember(topics.workers(group, topic)),
            new ShareSlot.Queue(topic, settings.lease()),
            handling,
            worker);
    return kept(workers, made);
  }

  private Subscription classicWork(String topic, String group, int slots, Consumer<Job> worker) {
    var made =
        new ClassicWorker(
            () -> clients.workingMember(topics.workers(group, topic)),
            new ClassicWorker.Lane(
                topic,
                slots,
                (job, delivery) ->
                    send(cluster.spread(ClassicWorker.again(job, delivery)), job.key())),
            handling,
            worker);
    return kept(classicWorkers, made);
  }

  /** Has it closed with the bus, if it is not closed before. */
  private static <T extends Subscription> Subscription kept(List<T> all, T one) {
    all.add(one);
    return () -> {
      one.close();
      all.remove(one);
    };
  }

  /**
   * Returns when a broker has answered, within ten seconds.
   *
   * @throws dev.birgus.infra.contracts.FailureException if none does
   */
  public void check() throws InterruptedException {
    cluster.check();
  }

  /**
   * How many jobs of a lane a group of workers has not done; those that run are among them.
   *
   * @throws dev.birgus.infra.contracts.FailureException if the cluster cannot be asked
   */
  public long jobsWaiting(Topic queue, String lane, String group) throws InterruptedException {
    cluster.makeLane(queue, lane);
    var topic = topics.name(queue, lane);
    var workers = topics.workers(group, topic);
    var lag = new Lag(admin);
    return topics.shared()
        ? lag.ofShareGroup(workers, topic)
        : lag.ofGroup(workers, List.of(topic));
  }

  /**
   * How many events a group has not handled of these topics: a processor's, by its name, or that of
   * readers. What a transaction begins and ends with is counted, too.
   *
   * @throws dev.birgus.infra.contracts.FailureException if the cluster cannot be asked
   */
  public long eventsWaiting(String group, Set<Topic> read) throws InterruptedException {
    return new Lag(admin).ofGroup(topics.group(group), read.stream().map(topics::name).toList());
  }

  @Override
  public void close() {
    readers.forEach(TopicReader::interrupt);
    workers.forEach(ShareWorker::interrupt);
    members.forEach(ProcessMember::interrupt);
    classicWorkers.forEach(ClassicWorker::interrupt);
    workers.forEach(ShareWorker::close);
    classicWorkers.forEach(ClassicWorker::close);
    readers.forEach(TopicReader::close);
    members.forEach(ProcessMember::close);
    try {
      producer.close(CLOSING);
    } catch (KafkaException _) {
      // An interrupt; what was published is with the brokers.
    }
    admin.close(CLOSING);
  }
}
