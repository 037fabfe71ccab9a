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
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** One run: builds go in, faults happen, and in the end everything is counted. */
final class ChaosRun {

  /** The node whose disk is small. */
  static final String SMALL = "node3";

  private static final int AT_ONCE = 6;
  private static final Duration LAST_END = Duration.ofMinutes(6);
  private static final String REPOSITORY = "app";

  private final Plan plan;
  private final Site site;
  private final Random random;
  private final Map<String, Integer> troubles = new ConcurrentHashMap<>();
  private final List<Submitted> submitted = new ArrayList<>();

  /** How much of what, from which seed. */
  record Plan(long seed, int builds, int faults) {}

  /** What came of it. */
  record Score(
      int builds,
      List<String> faults,
      List<String> lost,
      List<String> doubled,
      List<String> wrong,
      List<String> left) {

    boolean isClean() {
      return lost.isEmpty() && doubled.isEmpty() && wrong.isEmpty() && left.isEmpty();
    }

    @Override
    public String toString() {
      return "builds "
          + builds
          + ", faults "
          + faults.size()
          + ", lost "
          + lost.size()
          + ", doubled "
          + doubled.size()
          + ", wrong "
          + wrong.size()
          + (isClean()
              ? ""
              : "\nlost " + lost + "\ndoubled " + doubled + "\nwrong " + wrong + "\nleft " + left)
          + "\nfaults: "
          + String.join(", ", faults);
    }
  }

  private record Submitted(String build, Recipe recipe, boolean cancelled) {}

  ChaosRun(Plan plan, Site site) {
    this.plan = plan;
    this.site = site;
    this.random = new Random(plan.seed());
  }

  /**
   * Runs to the end.
   *
   * @param disk of the node called {@link #SMALL}
   */
  Score run(Faults.FullDisk disk, byte[] context) throws Exception {
    var faults = new Faults(site, start(), disk, new Random(plan.seed() + 1));
    try (var client = new Client(site.api(), Site.TOKEN);
        var witness = Witness.of(site.kafka(), troubles)) {
      client.upload(context);
      var hurting = Thread.ofPlatform().start(() -> hurt(faults));
      for (var number = 0; number < plan.builds(); number++) {
        awaitRoom(witness);
        submit(client, number, context);
      }
      hurting.join();
      faults.heal();
      awaitEnds(witness);
      return judge(witness, faults.done());
    }
  }

  private Child start() throws IOException, InterruptedException {
    site.startRegistry();
    var broker = site.startBroker();
    site.awaitBroker();
    site.startServer("ingest", "ingest");
    site.startServer("planner1", "planner");
    site.startServer("planner2", "planner");
    site.startServer("pusher1", "pusher");
    site.startServer("pusher2", "pusher");
    site.startServer("node1", "executor", "--slots=2");
    site.startServer("node2", "executor", "--slots=2");
    site.startServer(SMALL, "executor", "--slots=1", "--state-limit=none");
    return broker;
  }

  private void hurt(Faults faults) {
    try {
      while (faults.done().size() < plan.faults()) {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(6_000));
        faults.next();
      }
    } catch (IOException failed) {
      troubles.merge("the faults: " + failed, 1, Integer::sum);
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitRoom(Witness witness) throws InterruptedException {
    var end = Instant.now().plus(LAST_END);
    while (open(witness) >= AT_ONCE && Instant.now().isBefore(end)) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private long open(Witness witness) {
    return submitted.stream().filter(each -> witness.ends(each.build()).isEmpty()).count();
  }

  private void submit(Client client, int number, byte[] context)
      throws IOException, InterruptedException {
    var recipe = Recipe.random(number, new Random(plan.seed() * 1_000 + number));
    var build = client.submit(plan.seed() + "-" + number, request(recipe, number, context));
    var cancelled = random.nextInt(10) == 0;
    submitted.add(new Submitted(build, recipe, cancelled));
    if (cancelled) {
      TimeUnit.MILLISECONDS.sleep(random.nextInt(4_000));
      client.cancel(build);
    }
  }

  private BuildRequest request(Recipe recipe, int number, byte[] context) {
    var name = site.registry() + "/" + REPOSITORY + ":" + recipe.tag();
    return new BuildRequest(
            new BuildRequest.Dockerfile("Dockerfile", recipe.dockerfile()),
            ContextRef.inBlob(Digest.sha256(context)),
            Map.of(),
            Map.of(),
            Map.of(),
            List.of(),
            List.of(),
            Platform.of("linux", "amd64"),
            List.of(name),
            List.of(new Delivery.ToRegistry(ImageReference.parse(name), name)),
            new BuildOptions(Optional.of(Instant.EPOCH), LayerCompression.DEFAULT, false, Map.of()))
        .with(
            new Scheduling(
                "tenant" + number % 3,
                0,
                Optional.empty(),
                Optional.empty(),
                Scheduling.DEFAULT_POOL,
                true));
  }

  private void awaitEnds(Witness witness) throws InterruptedException {
    var end = Instant.now().plus(LAST_END);
    while (open(witness) > 0 && Instant.now().isBefore(end)) {
      TimeUnit.MILLISECONDS.sleep(200);
    }
    // A second end would come after the first.
    TimeUnit.SECONDS.sleep(3);
  }

  private Score judge(Witness witness, List<String> faults)
      throws IOException, InterruptedException {
    var lost = new ArrayList<String>();
    var doubled = new ArrayList<String>();
    var wrong = new ArrayList<String>();
    try (var verdict = new Verdict(site.registry(), REPOSITORY)) {
      for (var each : submitted) {
        var ends = witness.ends(each.build());
        if (ends.isEmpty()) {
          lost.add(each.recipe().tag() + " " + each.build());
        } else if (ends.size() > 1) {
          doubled.add(each.recipe().tag() + " " + ends);
        } else {
          wrong(each, ends.getFirst(), verdict).ifPresent(wrong::add);
        }
      }
    }
    troubles.forEach((trouble, times) -> wrong.add(trouble + " (" + times + ")"));
    return new Score(submitted.size(), faults, lost, doubled, wrong, List.of());
  }

  private static Optional<String> wrong(Submitted each, Event end, Verdict verdict)
      throws IOException, InterruptedException {
    var recipe = each.recipe();
    return switch (end) {
      case Event.BuildSucceeded(_, var manifest, _) ->
          recipe.fails()
              ? Optional.of(recipe.tag() + " should have failed")
              : verdict.wrong(recipe.tag(), manifest.toString(), recipe.result());
      case Event.BuildFailed(_, var failure) ->
          recipe.fails() ? tagged(recipe, verdict) : Optional.of(recipe.tag() + ": " + failure);
      case Event.BuildCancelled(_, var reason) ->
          each.cancelled()
              ? tagged(recipe, verdict)
              : Optional.of(recipe.tag() + " was not to be cancelled: " + reason);
      default -> Optional.of("no end: " + end);
    };
  }

  private static Optional<String> tagged(Recipe recipe, Verdict verdict)
      throws IOException, InterruptedException {
    return verdict.exists(recipe.tag())
        ? Optional.of(recipe.tag() + " has not succeeded, and has an image")
        : Optional.empty();
  }
}
