package dev.birgus.infra.bus.kafka;

import dev.birgus.infra.bus.Processing;
import dev.birgus.infra.codec.StateCodec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/**
 * A processor's member from its start to the first thing that goes wrong. Its shares are the
 * partitions it is given, each number in all topics.
 *
 * <p>What one poll brings is one transaction: the records of the table, the events, and how far the
 * topics are read. Offsets go with every transaction, for with them the brokers refuse a member
 * whose shares another has.
 *
 * @param <S> the records of the table
 */
final class ProcessSession<S> {

  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration CLOSING = Duration.ofSeconds(10);
  private static final Duration ASKING = Duration.ofSeconds(10);

  private final Site<S> site;
  private final KeyShare.Surroundings<S> surroundings;
  private final Places places;
  private final KafkaConsumer<String, byte[]> consumer;
  private final Producer<String, byte[]> producer;
  private final Map<Integer, KeyShare<S>> shares = new TreeMap<>();
  private final List<TopicPartition> fresh = new ArrayList<>();

  /** How far events were read that led to nothing, as far as it is not committed. */
  private final Map<TopicPartition, OffsetAndMetadata> read = new HashMap<>();

  private long lastTick = System.nanoTime();
  private boolean achieved;
  private String memberId = "";

  /** What a member works with. */
  record Site<S>(
      Processing<S> processing, KafkaClients clients, Cluster cluster, Handling handling) {
    String group() {
      return cluster.topics().group(processing.name());
    }

    List<String> topics() {
      return processing.topics().stream().map(cluster.topics()::name).sorted().toList();
    }

    String table() {
      return cluster.topics().table(processing.name());
    }
  }

  /** A session that has not begun. */
  static <S> ProcessSession<S> of(Site<S> site) {
    var producer = site.clients().producer(site.processing().name());
    try {
      return new ProcessSession<>(site, producer, site.clients().permanentMember(site.group()));
    } catch (KafkaException failed) {
      producer.close(Duration.ZERO);
      throw failed;
    }
  }

  private ProcessSession(
      Site<S> site, Producer<String, byte[]> producer, KafkaConsumer<String, byte[]> consumer) {
    this.site = site;
    this.producer = producer;
    this.consumer = consumer;
    this.surroundings =
        new KeyShare.Surroundings<>(
            new StateCodec<>(site.processing().records()),
            site.handling(),
            site.cluster().topics(),
            InstantSource.system());
    this.places = new Places(site.handling());
  }

  /** Works until it is told to end, which a wake-up makes it see, or until something goes wrong. */
  void run(BooleanSupplier ended) {
    var wanted = false;
    try {
      // What a former self has left open is brought to its end first.
      producer.initTransactions();
      consumer.subscribe(site.topics(), new Membership());
      while (!ended.getAsBoolean()) {
        var polled = places.poll(consumer, untilTick());
        memberId = consumer.groupMetadata().memberId();
        take(ended);
        handle(polled, ended);
        tick();
      }
      wanted = true;
    } finally {
      close(wanted || ended.getAsBoolean());
    }
  }

  /** Has it see that it is to end. */
  void wakeup() {
    consumer.wakeup();
  }

  /** Whether it has got anywhere: an event that was read led to something certain. */
  boolean hasAchieved() {
    return achieved;
  }

  private Duration untilTick() {
    var left = TICK.minusNanos(System.nanoTime() - lastTick);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** Begins with the shares that were just given to it. */
  private void take(BooleanSupplier ended) {
    if (fresh.isEmpty()) {
      return;
    }
    var numbers = new TreeSet<Integer>();
    fresh.forEach(each -> numbers.add(each.partition()));
    requireWhole(numbers);
    // First the place, which waits for whoever had the share before, then the table: it has then
    // all that belongs to the place.
    places.settle(consumer, fresh);
    var tables =
        new TableReader<>(site.clients(), site.cluster(), surroundings.codec(), site.table())
            .read(numbers, ended);
    var outcome = new Outcome();
    for (var number : numbers) {
      var share =
          new KeyShare<>(
              number,
              site.processing().processors().get(),
              tables.getOrDefault(number, Map.of()),
              surroundings);
      shares.put(number, share);
      share.taken(outcome);
    }
    commit(outcome, Map.of());
    consumer.resume(fresh);
    fresh.clear();
  }

  private void requireWhole(Collection<Integer> numbers) {
    for (var number : numbers) {
      for (var topic : site.topics()) {
        if (!consumer.assignment().contains(new TopicPartition(topic, number))) {
          throw KafkaFailures.of(
              "the processor "
                  + site.processing().name()
                  + " was given partition "
                  + number
                  + " of some of its topics only",
              null);
        }
      }
    }
  }

  private void handle(ConsumerRecords<String, byte[]> polled, BooleanSupplier ended) {
    if (polled.isEmpty()) {
      return;
    }
    var outcome = new Outcome();
    var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
    for (var received : polled) {
      if (ended.getAsBoolean()) {
        break;
      }
      handle(received, outcome);
      offsets.put(
          new TopicPartition(received.topic(), received.partition()),
          new OffsetAndMetadata(received.offset() + 1));
    }
    commit(outcome, offsets);
  }

  private void handle(ConsumerRecord<String, byte[]> received, Outcome outcome) {
    var share = shares.get(received.partition());
    if (share == null) {
      throw new IllegalStateException("an event of a share that is not this member's");
    }
    site.handling()
        .event(received)
        .ifPresent(event -> share.handle(received.key(), event, outcome));
  }

  private void tick() {
    if (!untilTick().isZero()) {
      return;
    }
    lastTick = System.nanoTime();
    if (!read.isEmpty()) {
      consumer.commitSync(Map.copyOf(read), ASKING);
      read.clear();
    }
    var outcome = new Outcome();
    shares.values().forEach(share -> share.tick(outcome));
    commit(outcome, Map.of());
  }

  /**
   * Makes it certain. Where nothing follows from what was read, how far that is waits for the next
   * transaction or tick: to read it again would lead to nothing again.
   */
  private void commit(Outcome outcome, Map<TopicPartition, OffsetAndMetadata> offsets) {
    if (outcome.isEmpty()) {
      read.putAll(offsets);
      return;
    }
    makeLanes(outcome);
    var places = new HashMap<>(read);
    places.putAll(offsets);
    producer.beginTransaction();
    for (var record : outcome.records(site.table())) {
      // The transaction fails if one of them does.
      var _ = producer.send(site.cluster().spread(record));
    }
    producer.sendOffsetsToTransaction(
        places.isEmpty() ? anyPlace() : places, consumer.groupMetadata());
    producer.commitTransaction();
    read.clear();
    achieved |= !offsets.isEmpty();
    outcome.effects().forEach(this::run);
  }

  private void makeLanes(Outcome outcome) {
    try {
      for (var lane : outcome.lanes()) {
        site.cluster().makeLane(lane.queue(), lane.name());
      }
    } catch (InterruptedException interrupted) {
      throw new InterruptException(interrupted);
    }
  }

  private Map<TopicPartition, OffsetAndMetadata> anyPlace() {
    var partition = consumer.assignment().iterator().next();
    return Map.of(partition, new OffsetAndMetadata(consumer.position(partition, ASKING)));
  }

  private void run(Runnable effect) {
    try {
      effect.run();
    } catch (Throwable bug) {
      site.handling().report(Optional.empty(), bug);
    }
  }

  /** Whether another process of this name is a member in its place. */
  boolean isReplaced() {
    try {
      var groups =
          site.cluster()
              .admin()
              .describeConsumerGroups(List.of(site.group()))
              .all()
              .get(ASKING.toMillis(), TimeUnit.MILLISECONDS);
      return !memberId.isEmpty()
          && groups.values().stream()
              .flatMap(group -> group.members().stream())
              .anyMatch(member ->
                  member.groupInstanceId().equals(Optional.of(site.clients().process()))
                      && !member.consumerId().equals(memberId));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException _) {
      // Who cannot be asked now is asked when it goes wrong again.
      return false;
    }
  }

  /** A member that ends for good leaves the group, so that others have its shares at once. */
  private void close(boolean forGood) {
    // What an interrupt has ended has ended; what is still to be done takes seconds at most.
    var interrupted = Thread.interrupted();
    giveUp();
    var membership =
        forGood
            ? CloseOptions.GroupMembershipOperation.LEAVE_GROUP
            : CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP;
    try {
      producer.close(forGood ? CLOSING : Duration.ZERO);
      consumer.close(CloseOptions.timeout(CLOSING).withGroupMembershipOperation(membership));
    } catch (KafkaException _) {
      // Then the brokers find out by themselves, after a session.
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void giveUp() {
    shares.values().forEach(KeyShare::givenUp);
    shares.clear();
    fresh.clear();
  }

  /** Takes what it is given, and gives up what is taken from it. */
  private final class Membership implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      consumer.pause(partitions);
      fresh.addAll(partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      giveUp();
      try {
        consumer.commitSync(Map.copyOf(read));
      } catch (KafkaException _) {
        // Whoever has the shares next reads again what led to nothing.
      }
      read.clear();
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      giveUp();
      read.clear();
    }
  }
}
