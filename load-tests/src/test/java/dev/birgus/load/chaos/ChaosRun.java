package dev.birgus.load.chaos;

import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.BuildRequest;
import dev.birgus.infra.contracts.ContextRef;
import dev.birgus.infra.contracts.Delivery;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.LayerCompression;
import dev.birgus.infra.contracts.Scheduling;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.ImageReference;
import dev.birgus.infra.oci.Platform;
import dev.birgus.load.chaos.Judge.Accepted;
import dev.birgus.load.chaos.Recipe.Kind;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * One run: builds go in, faults happen, and in the end everything is counted. Builds and faults
 * keep pace with each other, so that each fault meets builds, and each build may meet faults.
 *
 * <p>A build that has no end after some minutes is lost, and is not waited for any longer; when too
 * many are, the run is over.
 */
final class ChaosRun {

  /** The node whose disk is small. */
  static final String SMALL = "node3";

  private static final int AT_ONCE = 10;
  private static final int FAULTS_AT_ONCE = 2;

  /** By how many faults builds may be ahead. */
  private static final int AHEAD = 2;

  /** What a build takes at most, with everything that may happen to it one after the other. */
  private static final Duration LONGEST = Duration.ofMinutes(6);

  private static final int TOO_MANY_LOST = 8;
  private static final int LONGEST_GAP_MILLIS = 3_000;

  private final Plan plan;
  private final Site site;
  private final byte[] context;
  private final Random random;
  private final List<Accepted> accepted = new ArrayList<>();
  private final Map<String, Long> since = new HashMap<>();
  private final Set<String> poisonous = ConcurrentHashMap.newKeySet();
  private final AtomicInteger begun = new AtomicInteger();
  private final List<Thread> beside = new ArrayList<>();
  private volatile int sent;

  /**
   * A run on a site where nothing is started.
   *
   * @param context packed, with busybox in it
   */
  ChaosRun(Plan plan, Site site, byte[] context) {
    this.plan = plan;
    this.site = site;
    this.context = context.clone();
    this.random = new Random(plan.seed() + 3);
  }

  /**
   * Runs to the end.
   *
   * @param disk of the node called {@link #SMALL}
   */
  Score run(Faults.FullDisk disk) throws IOException, InterruptedException {
    var broker = start();
    var begin = System.nanoTime();
    try (var client = new Client(site.api(), Site.TOKEN);
        var witness = Witness.of(site.kafka());
        var verdict = new Verdict(site.registry())) {
      var producer = new FaultyProducer(site.kafka());
      var faults = new Faults(site, new Faults.Hands(broker, disk, witness, producer), plan);
      witness.watch(event -> {
        if (event instanceof Event.StageStarted started) {
          poison(started, faults);
        }
      });
      client.upload(context);
      var hurting = hurt(faults, witness);
      submitAll(client, witness, faults);
      sent = Integer.MAX_VALUE;
      for (var each : hurting) {
        each.join();
      }
      faults.heal();
      awaitEnds(witness);
      for (var each : beside) {
        each.join();
      }
      return score(new Judge(witness, verdict, accepted), witness, faults, begin);
    }
  }

  private Child start() throws IOException, InterruptedException {
    site.startRegistry();
    var broker = site.startBroker();
    site.awaitBroker();
    site.startServer("ingest", "ingest");
    site.startServer("planner1", "planner");
    site.startServer("planner2", "planner", 60);
    site.startServer("pusher1", "pusher");
    site.startServer("pusher2", "pusher", -60);
    site.startServer("node1", "executor", "--slots=2");
    site.startServer("node2", "executor", 60, "--slots=2");
    site.startServer(SMALL, "executor", "--slots=1", "--state-limit=none");
    return broker;
  }

  /** Lets faults happen, several at a time, as builds go in. */
  private List<Thread> hurt(Faults faults, Witness witness) {
    var deck = Fault.deck(plan);
    var threads = new ArrayList<Thread>();
    for (var i = 0; i < FAULTS_AT_ONCE; i++) {
      var gaps = new Random(plan.seed() + 4 + i);
      threads.add(Thread.ofPlatform().start(() -> hurt(faults, deck, gaps, witness)));
    }
    return threads;
  }

  private void hurt(Faults faults, List<Fault> deck, Random gaps, Witness witness) {
    try {
      for (var next = begun.getAndIncrement(); next < deck.size(); next = begun.getAndIncrement()) {
        var builds = (next + 1) * plan.builds() / (deck.size() + 1);
        while (sent < builds) {
          TimeUnit.MILLISECONDS.sleep(50);
        }
        TimeUnit.MILLISECONDS.sleep(gaps.nextInt(LONGEST_GAP_MILLIS));
        faults.happen(deck.get(next));
      }
    } catch (IOException failed) {
      witness.trouble("the faults: " + failed);
      begun.set(deck.size());
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private void submitAll(Client client, Witness witness, Faults faults)
      throws InterruptedException {
    for (var recipe : plan.recipes()) {
      awaitTurn(witness);
      if (lost(witness) >= TOO_MANY_LOST) {
        witness.trouble("no further builds went in: too many are lost");
        return;
      }
      try {
        submit(client, recipe, witness, faults);
      } catch (IOException refused) {
        witness.trouble("no further builds went in: " + refused);
        return;
      }
      sent = accepted.size();
    }
  }

  private void awaitTurn(Witness witness) throws InterruptedException {
    var allowed = (begun.get() + AHEAD) * plan.builds() / (plan.faults() + 1);
    while (open(witness) >= AT_ONCE || (sent > allowed && begun.get() < plan.faults())) {
      TimeUnit.MILLISECONDS.sleep(50);
      allowed = (begun.get() + AHEAD) * plan.builds() / (plan.faults() + 1);
    }
  }

  /** Builds that have no end, and may have one yet. */
  private long open(Witness witness) {
    return accepted.stream()
        .filter(each -> witness.ends(each.build()).isEmpty() && !isLate(each))
        .count();
  }

  private long lost(Witness witness) {
    return accepted.stream()
        .filter(each -> witness.ends(each.build()).isEmpty() && isLate(each))
        .count();
  }

  private boolean isLate(Accepted each) {
    var begin = since.getOrDefault(each.build(), 0L);
    return System.nanoTime() - begin > LONGEST.toNanos();
  }

  private void submit(Client client, Recipe recipe, Witness witness, Faults faults)
      throws IOException, InterruptedException {
    var build = client.submit(plan.seed() + "-" + recipe.name(), request(recipe));
    accepted.add(new Accepted(recipe, build));
    since.put(build, System.nanoTime());
    switch (recipe.kind()) {
      case CANCELLED -> cancel(client, build);
      case POISON -> {
        poisonous.add(build);
        // It may have begun before its name was known here.
        witness.starts(build).forEach(started -> poison(started, faults));
      }
      // A copy of an older build's push would rightly move the tag of the line.
      case LINE -> {}
      case PLAIN, FAILING, SEVERAL_TAGS, TWIN -> faults.mayRepeat(build);
    }
  }

  private void cancel(Client client, String build) {
    var millis = random.nextInt(6_000);
    beside.add(
        Thread.ofVirtual()
            .start(() -> {
              try {
                TimeUnit.MILLISECONDS.sleep(millis);
                client.cancel(build);
              } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
              }
            }));
  }

  private void poison(Event.StageStarted started, Faults faults) {
    if (poisonous.contains(started.build().value())) {
      Thread.ofVirtual().start(() -> faults.poisoned(started.node()));
    }
  }

  private BuildRequest request(Recipe recipe) {
    var names = recipe.destinations().stream().map(each -> site.registry() + "/" + each).toList();
    var line = recipe.kind() == Kind.LINE ? Optional.of(recipe.group()) : Optional.<String>empty();
    return new BuildRequest(
            new BuildRequest.Dockerfile("Dockerfile", recipe.dockerfile()),
            ContextRef.inBlob(Digest.sha256(context)),
            Map.of(),
            Map.of(),
            Map.of(),
            List.of(),
            List.of(),
            Platform.of("linux", "amd64"),
            names,
            deliveries(names),
            new BuildOptions(Optional.of(Instant.EPOCH), LayerCompression.DEFAULT, false, Map.of()))
        .with(
            new Scheduling(
                "tenant" + recipe.group().hashCode() % 3,
                0,
                line,
                Optional.empty(),
                Scheduling.DEFAULT_POOL,
                recipe.shared()));
  }

  private static List<Delivery> deliveries(List<String> names) {
    var deliveries = new ArrayList<Delivery>();
    names.forEach(
        each -> deliveries.add(new Delivery.ToRegistry(ImageReference.parse(each), each)));
    return deliveries;
  }

  private void awaitEnds(Witness witness) throws InterruptedException {
    while (open(witness) > 0) {
      TimeUnit.MILLISECONDS.sleep(200);
    }
    // A second end would come after the first.
    TimeUnit.SECONDS.sleep(3);
  }

  private Score score(Judge judge, Witness witness, Faults faults, long begin) {
    var again = 0;
    var most = 0;
    for (var each : accepted) {
      var starts =
          witness.starts(each.build()).stream()
              .collect(Collectors.groupingBy(Event.StageStarted::stage, Collectors.counting()));
      for (var times : starts.values()) {
        again += times.intValue() - 1;
        most = Math.max(most, each.recipe().kind() == Kind.POISON ? 0 : times.intValue());
      }
    }
    return new Score(
        accepted.stream().map(Accepted::recipe).toList(),
        faults.done(),
        judge.lost(),
        judge.doubled(),
        judge.wrong(),
        again,
        most,
        site.servers().stream().mapToInt(Child::endedByItself).sum(),
        Duration.ofNanos(System.nanoTime() - begin));
  }
}
