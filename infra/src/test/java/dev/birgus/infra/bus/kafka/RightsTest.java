package dev.birgus.infra.bus.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.broker.SecuredBroker;
import dev.birgus.infra.bus.BusWatch;
import dev.birgus.infra.bus.Processing;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Event.BuildCancelRequested;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.testkit.Need;
import dev.birgus.infra.testkit.RealRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Roles with the rights that docs/operations.md lists and no others, on topics somebody else has
 * made.
 */
@Timeout(180)
final class RightsTest {

  private static final String PASSWORD = "a-password-of-all-roles";

  /** A kind, a name, {@code *} after which other names may go on, and what may be done. */
  private static final List<String> EVERY_ROLE =
      List.of("TOPIC birgus.* DESCRIBE", "TOPIC dlq.birgus.work DESCRIBE");

  private static final List<String> INGEST =
      List.of(
          "TOPIC birgus.builds READ WRITE",
          "TOPIC birgus.lines WRITE",
          "TOPIC birgus.logs READ WRITE",
          "TOPIC birgus.events READ",
          "GROUP birgus.metrics READ");

  private static final List<String> PLANNER =
      List.of(
          "TOPIC birgus.builds READ WRITE",
          "TOPIC birgus.results READ WRITE",
          "TOPIC birgus.stages READ WRITE",
          "TOPIC birgus.lines READ WRITE",
          "TOPIC birgus.table.* READ WRITE",
          "TOPIC birgus.events READ WRITE",
          "TOPIC birgus.control WRITE",
          "TOPIC birgus.work.* WRITE",
          "TOPIC birgus.pushes.all WRITE",
          "GROUP birgus.builds READ",
          "GROUP birgus.stages READ",
          "GROUP birgus.lines READ",
          "TRANSACTIONAL_ID birgus.builds.* DESCRIBE WRITE",
          "TRANSACTIONAL_ID birgus.stages.* DESCRIBE WRITE",
          "TRANSACTIONAL_ID birgus.lines.* DESCRIBE WRITE");

  private static final List<String> EXECUTOR =
      List.of(
          "TOPIC birgus.builds READ",
          "TOPIC birgus.control READ",
          "TOPIC birgus.work.pool READ",
          "TOPIC birgus.events READ WRITE",
          "TOPIC birgus.results WRITE",
          "TOPIC birgus.stages WRITE",
          "TOPIC birgus.logs WRITE",
          "GROUP birgus.executors.* READ ALTER_CONFIGS");

  private static final List<String> PUSHER =
      List.of(
          "TOPIC birgus.builds READ",
          "TOPIC birgus.control READ",
          "TOPIC birgus.pushes.all READ",
          "TOPIC birgus.events READ WRITE",
          "TOPIC birgus.results WRITE",
          "GROUP birgus.pusher.* READ ALTER_CONFIGS",
          "GROUP birgus.pusher-early READ");

  @TempDir static Path folder;
  private static @Nullable SecuredBroker broker;

  private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<String> troubles = new LinkedBlockingQueue<>();

  @BeforeAll
  static void aBrokerWithTopics() throws Exception {
    Need.installed(RealRegistry.program("openssl").isPresent(), "openssl");
    var certificates = Files.createDirectories(folder.resolve("tls"));
    RealRegistry.makeCertificates(certificates, "DNS:localhost,IP:127.0.0.1");
    broker = SecuredBroker.start(folder.resolve("broker"), certificates, 0);
    var settings = settings(SecuredBroker.USER, SecuredBroker.PASSWORD);
    try (var admin = new KafkaClients(settings, "somebody").admin()) {
      var cluster = new Cluster(settings, admin, Journal.silent());
      cluster.makeTopics();
      cluster.makeLane(Topic.WORK, "pool");
      cluster.makeLane(Topic.PUSHES, Topic.ANYONE);
      cluster.makeTable("builds", List.of("birgus.builds", "birgus.results"));
      for (var role :
          Map.of("ingest", INGEST, "planner", PLANNER, "executor", EXECUTOR, "pusher", PUSHER)
              .entrySet()) {
        var scram = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096);
        admin
            .alterUserScramCredentials(
                List.of(new UserScramCredentialUpsertion(role.getKey(), scram, PASSWORD)))
            .all()
            .get();
        var rights = new ArrayList<AclBinding>();
        EVERY_ROLE.forEach(each -> rights.addAll(rights(role.getKey(), each)));
        role.getValue().forEach(each -> rights.addAll(rights(role.getKey(), each)));
        admin.createAcls(rights).all().get();
      }
    }
  }

  @AfterAll
  static void end() {
    if (broker != null) {
      broker.close();
    }
  }

  private static List<AclBinding> rights(String user, String line) {
    var words = List.of(line.split(" "));
    var name = words.get(1);
    var pattern =
        new ResourcePattern(
            ResourceType.valueOf(words.getFirst()),
            name.replace("*", ""),
            name.endsWith("*") ? PatternType.PREFIXED : PatternType.LITERAL);
    return words.subList(2, words.size()).stream()
        .map(operation ->
            new AclBinding(
                pattern,
                new AccessControlEntry(
                    "User:" + user, "*", AclOperation.valueOf(operation), AclPermissionType.ALLOW)))
        .toList();
  }

  private static KafkaSettings settings(String user, String password) {
    if (broker == null) {
      throw new IllegalStateException("no broker");
    }
    var usual = KafkaSettings.at("nowhere:1");
    return new KafkaSettings(
        broker.client(user, password),
        usual.prefix(),
        1,
        usual.replication(),
        usual.lease(),
        usual.retention(),
        usual.queues());
  }

  private KafkaEventBus bus(String role) throws InterruptedException {
    var watch =
        new BusWatch() {
          @Override
          public void handlerFailed(Optional<Event> event, Throwable failure) {
            troubles.add("failed: " + failure);
          }

          @Override
          public void stopped(String part, Throwable why) {
            troubles.add("stopped: " + why);
          }

          @Override
          public void notSent(String topic) {
            troubles.add("not sent: " + topic);
          }

          @Override
          public void begunAnew(String processor, Throwable why) {
            troubles.add("begun anew: " + why);
          }
        };
    return KafkaEventBus.open(settings(role, PASSWORD), role, Journal.silent(), watch);
  }

  private static Event event(String reason) {
    return new BuildCancelRequested(new BuildId("b"), reason);
  }

  private void tell(String role, Event event) {
    told.add(role + " got " + ((BuildCancelRequested) event).reason());
  }

  /** Topics are of all tests, so other things may be told before. */
  private void awaitTold(String what) throws InterruptedException {
    String came;
    do {
      came = String.valueOf(told.poll(60, TimeUnit.SECONDS));
      assertThat(came).as("instead of %s, and %s", what, troubles).isNotEqualTo("null");
    } while (!came.startsWith(what));
  }

  @Test
  void buildsAreTakenIn() throws Exception {
    try (var bus = bus("ingest")) {
      for (var topic : List.of(Topic.BUILDS, Topic.LOGS)) {
        bus.replay(topic, "api", event -> tell(topic.topicName(), event));
      }
      bus.replay(Topic.EVENTS, "api", event -> tell("events", event));
      bus.subscribe(Topic.EVENTS, "metrics", event -> tell("metrics", event));
      assertThat(bus.eventsWaiting("metrics", Set.of(Topic.EVENTS))).isNotNegative();

      bus.publish(Topic.BUILDS, "b", event("7"));
      awaitTold("builds got 7");
      bus.publish(Topic.LOGS, "b", event("8"));
      awaitTold("logs got 8");
      bus.publish(Topic.LINES, "b", event("9"));

      assertThatThrownBy(() -> bus.publish(Topic.RESULTS, "b", event("no")))
          .isInstanceOf(FailureException.class);
    }
    assertThat(troubles).isEmpty();
  }

  @Test
  void buildsArePlanned() throws Exception {
    try (var bus = bus("planner")) {
      bus.follow(Topic.EVENTS, "open-builds", event -> tell("events", event));
      var tally = MemberProcess.processing();
      bus.process(new Processing<>("builds", tally.topics(), tally.records(), tally.processors()));
      bus.publish(Topic.RESULTS, "b", event("1"));
      awaitTold("events got 1/");

      for (var topic : List.of(Topic.BUILDS, Topic.STAGES, Topic.LINES, Topic.CONTROL)) {
        bus.publish(topic, "b", event("2"));
      }
      awaitTold("events got 2/");
      bus.publish(Topic.WORK, "pool", event("3"));
      bus.publish(Topic.PUSHES, Topic.ANYONE, event("4"));
      assertThat(bus.eventsWaiting("builds", Set.of(Topic.BUILDS))).isNotNegative();
    }
    assertThat(troubles).isEmpty();
  }

  @Test
  void stagesAreRun() throws Exception {
    try (var bus = bus("executor")) {
      bus.follow(Topic.BUILDS, "open-builds", event -> tell("builds", event));
      bus.follow(Topic.CONTROL, "executor", event -> tell("control", event));
      bus.follow(Topic.EVENTS, "open-builds", event -> tell("events", event));
      var worked = new LinkedBlockingQueue<Event>();
      bus.work(Topic.WORK, "pool", "executors", 1, job -> worked.add(job.event()));
      send("planner", Topic.WORK, "pool");
      assertThat(worked.poll(60, TimeUnit.SECONDS)).isNotNull();
      assertThat(bus.jobsWaiting(Topic.WORK, "pool", "executors")).isNotNegative();

      bus.publish(Topic.STAGES, "pool", event("1"));
      bus.publish(Topic.RESULTS, "b", event("2"));
      bus.publish(Topic.LOGS, "b", event("3"));
      bus.publish(Topic.EVENTS, "b", event("4"));
      awaitTold("events got 4");
      assertThatThrownBy(() -> bus.publish(Topic.BUILDS, "b", event("no")))
          .isInstanceOf(FailureException.class);
    }
    assertThat(troubles).isEmpty();
  }

  @Test
  void imagesArePushed() throws Exception {
    try (var bus = bus("pusher")) {
      bus.replay(Topic.CONTROL, "pusher", _ -> {}).caughtUp().get(60, TimeUnit.SECONDS);
      var early = new LinkedBlockingQueue<Event>();
      bus.subscribe(Topic.EVENTS, "pusher-early", early::add);
      var worked = new LinkedBlockingQueue<Event>();
      bus.work(Topic.PUSHES, Topic.ANYONE, "pusher", 1, job -> worked.add(job.event()));
      send("planner", Topic.PUSHES, Topic.ANYONE);
      assertThat(worked.poll(60, TimeUnit.SECONDS)).isNotNull();
      assertThat(bus.jobsWaiting(Topic.PUSHES, Topic.ANYONE, "pusher")).isNotNegative();

      bus.publish(Topic.RESULTS, "b", event("1"));
      bus.publish(Topic.EVENTS, "b", event("2"));
      assertThat(early.poll(60, TimeUnit.SECONDS)).isNotNull();
      assertThatThrownBy(() -> bus.publish(Topic.WORK, "pool", event("no")))
          .isInstanceOf(FailureException.class);
    }
    assertThat(troubles).isEmpty();
  }

  private void send(String role, Topic queue, String lane) throws InterruptedException {
    try (var bus = bus(role)) {
      bus.publish(queue, lane, event("job"));
    }
  }
}
