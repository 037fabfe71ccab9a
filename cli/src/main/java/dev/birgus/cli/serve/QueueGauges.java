package dev.birgus.cli.serve;

import dev.birgus.cli.configuration.ServeSettings;
import dev.birgus.cli.configuration.ServeSettings.Role;
import dev.birgus.infra.bus.kafka.KafkaEventBus;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Meter;
import dev.birgus.infra.observe.Metrics;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Asks the brokers every few seconds how much waits for whom, and shows it. Whoever adds and
 * removes nodes goes by these numbers, and Kafka's clients have none for share groups.
 */
final class QueueGauges implements AutoCloseable {

  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final Map<String, Question> questions;
  private final Map<String, Double> answers = new ConcurrentHashMap<>();
  private final Thread thread = Thread.ofVirtual().name("queue-gauges").unstarted(this::run);

  /** How much waits now. */
  interface Question {
    long ask() throws InterruptedException;
  }

  private QueueGauges(Map<String, Question> questions, Metrics metrics) {
    this.questions = questions;
    questions
        .keySet()
        .forEach(queue ->
            metrics.gauge(Meter.QUEUE_DEPTH, () -> answers.getOrDefault(queue, Double.NaN), queue));
  }

  /** Asks about what the roles of this process read, from now on. */
  static QueueGauges start(KafkaEventBus bus, ServeSettings settings, Metrics metrics) {
    var gauges = new QueueGauges(questions(bus, settings), metrics);
    gauges.thread.start();
    return gauges;
  }

  private static Map<String, Question> questions(KafkaEventBus bus, ServeSettings settings) {
    var questions = new LinkedHashMap<String, Question>();
    if (settings.process().has(Role.EXECUTOR)) {
      var pool = settings.node().pool();
      questions.put("work." + pool, () -> bus.jobsWaiting(Topic.WORK, pool, "executors"));
    }
    if (settings.process().has(Role.PUSHER)) {
      questions.put("pushes", () -> bus.jobsWaiting(Topic.PUSHES, Topic.ANYONE, "pusher"));
    }
    if (settings.process().has(Role.PLANNER)) {
      questions.put(
          "builds", () -> bus.eventsWaiting("builds", Set.of(Topic.BUILDS, Topic.RESULTS)));
      questions.put("stages", () -> bus.eventsWaiting("stages", Set.of(Topic.STAGES)));
      questions.put("lines", () -> bus.eventsWaiting("lines", Set.of(Topic.LINES)));
    }
    if (settings.process().has(Role.INGEST)) {
      questions.put("events", () -> bus.eventsWaiting(BuildMetrics.GROUP, Set.of(Topic.EVENTS)));
    }
    return questions;
  }

  private void run() {
    try {
      while (true) {
        for (var question : questions.entrySet()) {
          answers.put(question.getKey(), answer(question.getValue()));
        }
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException _) {
      // That is how it is told to end.
    }
  }

  /** What cannot be found out is no number; the bus itself says what is wrong with it. */
  private static double answer(Question question) throws InterruptedException {
    try {
      return question.ask();
    } catch (FailureException unknown) {
      return Double.NaN;
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
