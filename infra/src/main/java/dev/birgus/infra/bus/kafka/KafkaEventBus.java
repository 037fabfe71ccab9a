package dev.birgus.infra.bus.kafka;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.bus.Job;
import dev.birgus.infra.bus.Processing;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The bus of a cluster. Events are published when the brokers have them. */
public final class KafkaEventBus implements EventBus {

  private final KafkaSettings settings;
  private final KafkaTopics topics;
  private final KafkaRecords records;
  private final Handling handling;
  private final Admin admin;
  private final Producer<String, byte[]> producer;
  private final List<TopicReader> readers = new CopyOnWriteArrayList<>();
  private final List<ShareWorker> workers = new CopyOnWriteArrayList<>();

  /**
   * A bus, with its topics made where they are missing.
   *
   * @param process what this process is called in the events it sends
   * @param handlerFailed told of a handler that threw, and the event it threw at; called on the
   *     handler's thread
   * @throws dev.birgus.infra.contracts.FailureException if the cluster cannot be reached
   */
  public static KafkaEventBus open(
      KafkaSettings settings,
      String process,
      Journal journal,
      BiConsumer<Event, Throwable> handlerFailed)
      throws InterruptedException {
    var bus = new KafkaEventBus(settings, process, journal, handlerFailed);
    try {
      bus.topics.make(bus.admin);
      return bus;
    } catch (RuntimeException | InterruptedException failed) {
      bus.close();
      throw failed;
    }
  }

  private KafkaEventBus(
      KafkaSettings settings,
      String process,
      Journal journal,
      BiConsumer<Event, Throwable> handlerFailed) {
    this.settings = settings;
    this.topics = new KafkaTopics(settings);
    this.records = new KafkaRecords("/birgus/" + process, InstantSource.system());
    this.handling = new Handling(records, journal, handlerFailed);
    this.admin = Admin.create(new HashMap<String, Object>(settings.client()));
    this.producer =
        new KafkaProducer<>(producing(), new StringSerializer(), new ByteArraySerializer());
  }

  @Override
  public void publish(Topic topic, String key, Event event) {
    requireNonNull(key, "key");
    var sent =
        producer.send(
            records.of(
                topic.isWorkQueue() ? topics.name(topic, key) : topics.name(topic),
                key,
                requireNonNull(event, "event")));
    if (topic.isFeed()) {
      // What nobody's work depends on is not waited for.
      return;
    }
    try {
      sent.get();
    } catch (InterruptedException _) {
      // The event is on its way all the same: it must not be lost.
      Thread.currentThread().interrupt();
    } catch (ExecutionException failed) {
      throw KafkaFailures.of(
          "an event of " + event.subject() + " cannot be sent", failed.getCause());
    }
  }

  @Override
  public Subscription subscribe(Topic topic, String group, Consumer<Event> handler) {
    var consumer =
        consumer(Map.of("group.id", topics.group(group), "auto.offset.reset", "earliest"));
    var reader = TopicReader.inGroup(consumer, topics.name(topic), handling, handler);
    readers.add(reader);
    return reader;
  }

  @Override
  public Subscription follow(Topic topic, String name, Consumer<Event> handler) {
    var reader = TopicReader.fromNow(consumer(Map.of()), topics.name(topic), handling, handler);
    readers.add(reader);
    return reader;
  }

  @Override
  public <S> Subscription process(Processing<S> processing) {
    throw new UnsupportedOperationException("processors on Kafka");
  }

  @Override
  public Subscription work(
      Topic queue, String lane, String group, int slots, Consumer<Job> worker) {
    if (slots < 1) {
      throw new IllegalArgumentException("a worker needs a slot: " + slots);
    }
    try {
      topics.makeShareGroup(admin, group);
    } catch (InterruptedException cancelled) {
      Thread.currentThread().interrupt();
      throw KafkaFailures.of("cancelled while a worker was set up", cancelled);
    }
    var made =
        new ShareWorker(
            slots,
            () -> shareConsumer(group),
            new ShareSlot.Queue(topics.name(queue, lane), settings.lease()),
            handling,
            worker);
    workers.add(made);
    return made;
  }

  @Override
  public void close() {
    readers.forEach(TopicReader::interrupt);
    workers.forEach(ShareWorker::interrupt);
    workers.forEach(ShareWorker::close);
    readers.forEach(TopicReader::close);
    try {
      producer.close();
    } catch (KafkaException _) {
      // An interrupt; what was published is with the brokers.
    }
    admin.close();
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

  private KafkaConsumer<String, byte[]> consumer(Map<String, String> more) {
    var properties = new HashMap<String, Object>(settings.client());
    properties.put("enable.auto.commit", "false");
    properties.put("isolation.level", "read_committed");
    properties.put("max.partition.fetch.bytes", String.valueOf(KafkaTopics.LARGEST_EVENT));
    properties.put("session.timeout.ms", "10000");
    properties.put("max.poll.interval.ms", "900000");
    properties.putAll(more);
    return new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
  }

  private ShareConsumer<String, byte[]> shareConsumer(String group) {
    var properties = new HashMap<String, Object>(settings.client());
    properties.put("group.id", topics.group(group));
    properties.put("share.acknowledgement.mode", "explicit");
    // The default gives all that is there to whoever asks first.
    properties.put("share.acquire.mode", "record_limit");
    properties.put("max.poll.records", "1");
    return new KafkaShareConsumer<>(
        properties, new StringDeserializer(), new ByteArrayDeserializer());
  }
}
