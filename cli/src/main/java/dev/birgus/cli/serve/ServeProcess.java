package dev.birgus.cli.serve;

import static java.util.Objects.requireNonNull;

import dev.birgus.cli.configuration.ServeSettings;
import dev.birgus.cli.configuration.ServeSettings.Role;
import dev.birgus.cli.local.Machine;
import dev.birgus.cli.progress.Screen;
import dev.birgus.infra.broker.BrokerSettings;
import dev.birgus.infra.broker.EmbeddedBroker;
import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.bus.kafka.KafkaEventBus;
import dev.birgus.infra.bus.kafka.KafkaSettings;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.doors.DoorSettings;
import dev.birgus.infra.doors.Health;
import dev.birgus.infra.doors.HttpDoors;
import dev.birgus.infra.doors.Probe;
import dev.birgus.infra.doors.PrometheusMetrics;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import dev.birgus.infra.observe.libraries.LibraryLogs;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A server process: broker, bus, services and doors, from its start until it is told to end. Runs
 * once.
 */
public final class ServeProcess {

  private static final String BUS = "bus";

  private final ServeSettings settings;
  private final Machine machine;
  private final InstantSource clock;
  private final Journal journal;
  private final CountDownLatch told = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicBoolean begun = new AtomicBoolean();
  private volatile boolean ready;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  /** Makes the bus of a server. */
  interface Buses {
    EventBus open(ServerWatch watch) throws IOException, InterruptedException;
  }

  /** A process that does nothing yet; what it logs goes to this screen. */
  public ServeProcess(ServeSettings settings, Machine machine, Screen screen, InstantSource clock) {
    this.settings = requireNonNull(settings, "settings");
    this.machine = requireNonNull(machine, "machine");
    this.clock = requireNonNull(clock, "clock");
    this.journal =
        new ConsoleJournal(settings.process().log(), settings.process().name(), screen, clock);
  }

  /**
   * Runs until {@link #end}.
   *
   * @return the exit code
   * @throws dev.birgus.infra.contracts.FailureException if it could not start
   */
  public int run() throws InterruptedException {
    return run(this::kafka);
  }

  int run(Buses buses) throws InterruptedException {
    begun.set(true);
    try {
      var server = start(buses);
      ready = true;
      told.await();
      journal.log(
          Journal.Level.INFO,
          "ending; what runs has some time",
          Map.of("grace", settings.process().grace().toSeconds() + "s"));
      server.drain(settings.process().grace());
      return 0;
    } catch (IOException failed) {
      throw Failure.of(
              "cannot-serve",
              "the server cannot start: " + failed.getMessage(),
              "Check the state folder and the addresses; birgus serve --print-config shows them.")
          .toException(failed);
    } finally {
      close();
      ended.countDown();
    }
  }

  /** Whether it has started: what it misses from then on was there. */
  public boolean hasStarted() {
    return ready;
  }

  /** Tells it to end, and returns when it has. */
  public void end() {
    told.countDown();
    if (!begun.get()) {
      return;
    }
    try {
      ended.await();
    } catch (InterruptedException again) {
      Thread.currentThread().interrupt();
    }
  }

  private Server start(Buses buses) throws IOException, InterruptedException {
    var _ = keep(LibraryLogs.to(journal));
    var metrics = keep(new PrometheusMetrics());
    var health = new Health().expects(BUS);
    var doors = keep(new HttpDoors(journal));
    var tokens = TokenFile.open(settings, journal);
    var server =
        new Server(
            settings, machine, tokens, new Server.Observation(metrics, health, doors, journal));
    var _ =
        doors.open(
            "health",
            new DoorSettings(settings.health().host(), settings.health().port()),
            health.routes().and(metrics.routes()));
    var watch = new ServerWatch(metrics, journal);
    health.watchEnd(BUS, watch::problem);
    var bus = keep(buses.open(watch));
    if (bus instanceof KafkaEventBus kafka) {
      keep(QueueGauges.start(kafka, settings, metrics));
    }
    keep(server).start(bus);
    watchBus(bus, health);
    if (settings.process().has(Role.INGEST)) {
      openApi(doors, server);
    }
    journal.log(
        Journal.Level.INFO, "ready", Map.of("version", machine.version(), "roles", roles()));
    return server;
  }

  /**
   * It is there while its brokers answer; and that nothing of it has stopped here is told apart.
   */
  private void watchBus(EventBus bus, Health health) {
    if (bus instanceof KafkaEventBus kafka) {
      health.watch(BUS, keep(new Probe(BUS, kafka::check, clock).start())::problem);
    } else {
      health.ready(BUS);
    }
  }

  private String roles() {
    return String.join(",", settings.process().roles().stream().sorted().map(Role::word).toList());
  }

  private void openApi(HttpDoors doors, Server server) {
    var api = settings.api();
    if (api.certificate().isEmpty() && !api.listen().isLoopback()) {
      journal.log(
          Journal.Level.WARN,
          "the API speaks plain HTTP to other machines: tokens can be read on the way",
          Map.of("advice", "set api.certificate and api.key, or put a proxy with TLS before it"));
    }
    var _ =
        doors.open(
            "api",
            new DoorSettings(
                api.listen().host(),
                api.listen().port(),
                api.certificate()
                    .map(pair -> new DoorSettings.Certificate(pair.chain(), pair.key()))),
            server.routes());
  }

  private EventBus kafka(ServerWatch watch) throws IOException, InterruptedException {
    var asked = settings.bus();
    var address = asked.bootstrap();
    if (asked.isEmbedded()) {
      var broker =
          keep(
              EmbeddedBroker.start(
                  new BrokerSettings(
                      settings.state().directory().resolve("broker"),
                      asked.broker().listen().host(),
                      asked.broker().listen().port(),
                      asked.broker().advertised())));
      address = broker.address();
      journal.log(Journal.Level.INFO, "a broker of our own is up", Map.of(LogKeys.URL, address));
    }
    var client = new HashMap<>(asked.client());
    client.put("bootstrap.servers", address);
    return KafkaEventBus.open(
        new KafkaSettings(
            client,
            asked.prefix(),
            asked.partitions(),
            asked.replication(),
            asked.lease(),
            new KafkaSettings.Retention(asked.retention(), asked.retention(), asked.logRetention()),
            asked.classic()
                ? KafkaSettings.Queues.CLASSIC
                : KafkaSettings.Queues.SHARED_IF_POSSIBLE),
        settings.process().name(),
        journal,
        watch);
  }

  private <C extends AutoCloseable> C keep(C resource) {
    open.push(resource);
    return resource;
  }

  private void close() {
    while (!open.isEmpty()) {
      var next = open.pop();
      try {
        next.close();
      } catch (Exception failed) {
        journal.log(
            Journal.Level.WARN,
            "something could not be closed",
            Map.of(LogKeys.ERROR, String.valueOf(failed.getMessage())));
      }
    }
  }
}
