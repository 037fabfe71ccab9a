package dev.birgus.infra.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.testkit.BrokerProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of transactions that are under way when the broker goes away. */
@Timeout(240)
final class BrokerDeathTest {

  private static final String TOPIC = "topic";
  private static final int PRODUCERS = 8;
  private static final int TIMES = 3;
  private static final int MANY = 60;

  @TempDir private Path folder;

  private final AtomicInteger committed = new AtomicInteger();
  private final List<Thread> producing = new ArrayList<>();
  private Process broker;
  private String address;
  private Admin admin;
  private volatile boolean paused;
  private volatile boolean ended;

  @BeforeEach
  void start() throws Exception {
    launch(0);
    admin =
        Admin.create(
            Map.of("bootstrap.servers", address, "request.timeout.ms", "5000", "retries", "1000"));
    admin.createTopics(List.of(new NewTopic(TOPIC, PRODUCERS, (short) 1))).all().get();
    for (var i = 0; i < PRODUCERS; i++) {
      var number = i;
      producing.add(Thread.ofPlatform().daemon().start(() -> produce(number)));
    }
  }

  @AfterEach
  void end() throws Exception {
    ended = true;
    broker.destroyForcibly().waitFor();
    admin.close(Duration.ZERO);
    for (var each : producing) {
      each.interrupt();
      each.join();
    }
  }

  private void launch(int port) throws IOException {
    broker =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                BrokerProcess.class.getName(),
                folder.resolve("broker").toString(),
                String.valueOf(port))
            .redirectError(ProcessBuilder.Redirect.appendTo(warnings().toFile()))
            .start();
    var said = new BufferedReader(broker.inputReader(StandardCharsets.UTF_8));
    address = String.valueOf(said.readLine());
  }

  private Path warnings() {
    return folder.resolve("warnings");
  }

  private void startAgain() throws Exception {
    broker.waitFor();
    launch(Integer.parseInt(address.substring(address.indexOf(':') + 1)));
  }

  /** One transaction after the other, with an event and a place each; anew when one fails. */
  private void produce(int number) {
    while (!ended) {
      try (var group = consumer(number);
          var producer = producer(number)) {
        producer.initTransactions();
        while (!ended) {
          if (paused) {
            TimeUnit.MILLISECONDS.sleep(10);
            continue;
          }
          producer.beginTransaction();
          var _ = producer.send(new ProducerRecord<>(TOPIC, number, "key", "value"));
          producer.sendOffsetsToTransaction(
              Map.of(new TopicPartition(TOPIC, number), new OffsetAndMetadata(1)),
              group.groupMetadata());
          producer.commitTransaction();
          committed.incrementAndGet();
        }
      } catch (KafkaException _) {
        // The broker is away.
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  /** It reads nothing: it knows what a group is called. */
  private KafkaConsumer<String, String> consumer(int number) {
    return new KafkaConsumer<>(
        Map.of("bootstrap.servers", address, "group.id", "group" + number),
        new StringDeserializer(),
        new StringDeserializer());
  }

  private KafkaProducer<String, String> producer(int number) {
    return new KafkaProducer<>(
        Map.of(
            "bootstrap.servers", address,
            "transactional.id", "producer" + number,
            "transaction.timeout.ms", "5000",
            "max.block.ms", "10000",
            "delivery.timeout.ms", "10000",
            "request.timeout.ms", "5000",
            "retry.backoff.ms", "5",
            "linger.ms", "0"),
        new StringSerializer(),
        new StringSerializer());
  }

  private void awaitTransactions() throws InterruptedException {
    var wanted = committed.get() + MANY;
    var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (committed.get() < wanted) {
      assertThat(System.nanoTime()).as("transactions go on").isLessThan(until);
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  /** All that were under way before this are over after a while, whatever became of them. */
  private void assertNoneIsLeftOpen() throws Exception {
    var before = open();
    var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!before.isEmpty()) {
      assertThat(System.nanoTime()).as("open for ever: %s", before).isLessThan(until);
      TimeUnit.MILLISECONDS.sleep(50);
      before.retainAll(open());
    }
  }

  /** The transactions that are open in partitions, by where they begin. */
  private List<String> open() throws Exception {
    var partitions = new ArrayList<TopicPartition>();
    partitions.add(new TopicPartition("__consumer_offsets", 0));
    IntStream.range(0, PRODUCERS)
        .forEach(number -> partitions.add(new TopicPartition(TOPIC, number)));
    var open = new ArrayList<String>();
    admin
        .describeProducers(partitions)
        .all()
        .get(60, TimeUnit.SECONDS)
        .forEach((partition, states) ->
            states
                .activeProducers()
                .forEach(state ->
                    state
                        .currentTransactionStartOffset()
                        .ifPresent(offset -> open.add(partition + "@" + offset))));
    return open;
  }

  /** Nobody begins another transaction, which would end one of its producer that hangs. */
  private void assertAllEnd() throws Exception {
    assertNoneIsLeftOpen();
    paused = false;
  }

  @Test
  void theyEndAfterItWasKilled() throws Exception {
    for (var i = 0; i < TIMES; i++) {
      awaitTransactions();
      broker.destroyForcibly().waitFor();
      paused = true;
      startAgain();
      assertAllEnd();
    }

    // Whoever tries that ends transactions before anything can be written.
    assertThat(Files.readString(warnings()))
        .contains("Performing controller activation")
        .doesNotContainPattern("TransactionCoordinator.*could not be established");
  }

  @Test
  void theyEndAfterItWasStopped() throws Exception {
    for (var i = 0; i < TIMES; i++) {
      awaitTransactions();
      broker.destroy();
      broker.waitFor();
      paused = true;
      startAgain();
      assertAllEnd();
    }
  }

  @Test
  void theyEndAfterItWasFrozen() throws Exception {
    for (var i = 0; i < TIMES; i++) {
      awaitTransactions();
      signal("STOP");
      paused = true;
      TimeUnit.SECONDS.sleep(4);
      signal("CONT");
      assertAllEnd();
    }
  }

  private void signal(String signal) throws Exception {
    new ProcessBuilder("kill", "-" + signal, String.valueOf(broker.pid())).start().waitFor();
  }
}
