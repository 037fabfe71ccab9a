package dev.birgus.load.chaos;

import dev.birgus.infra.contracts.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Hurts a site, and heals what it has hurt. Several threads may do so at once: what one has in hand
 * the others leave alone.
 */
final class Faults {

  /** Longer than a lease. */
  private static final Duration FROZEN = Duration.ofSeconds(19);

  private static final Duration LONGEST_AIM = Duration.ofSeconds(5);

  /** A kill now and then comes at the moment of one of these. */
  private static final List<Class<? extends Event>> MOMENTS =
      List.of(
          Event.BuildPlanned.class,
          Event.StageStarted.class,
          Event.LayerSealed.class,
          Event.StageFinished.class,
          Event.BlobPushed.class,
          Event.DeliveryFinished.class,
          Event.BuildSucceeded.class);

  private final Site site;
  private final Hands hands;
  private final Plan plan;
  private final Random random;
  private final AtomicInteger joined = new AtomicInteger();
  private final Set<Child> inHand = new HashSet<>();
  private final List<Done> done = new ArrayList<>();

  /** A fault, and what it was done to. */
  record Done(Fault fault, String target) {
    @Override
    public String toString() {
      return fault.words() + (target.isEmpty() ? "" : " (" + target + ")");
    }
  }

  /**
   * What faults are done with.
   *
   * @param broker its process
   */
  record Hands(Child broker, FullDisk disk, Witness witness, FaultyProducer producer) {}

  /** Fills and frees the disk of a node. */
  interface FullDisk {
    /** Nothing can be written any more. */
    void fill() throws IOException;

    /** There is space again. */
    void free() throws IOException;
  }

  Faults(Site site, Hands hands, Plan plan) {
    this.site = site;
    this.hands = hands;
    this.plan = plan;
    this.random = new Random(plan.seed() + 2);
  }

  /** What was done so far. */
  synchronized List<Done> done() {
    return List.copyOf(done);
  }

  private synchronized void note(Fault fault, String target) {
    done.add(new Done(fault, target));
  }

  private synchronized int dice(int sides) {
    return random.nextInt(sides);
  }

  private void pause(int longestMillis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(dice(longestMillis));
  }

  /** Does one thing, and heals it. */
  void happen(Fault fault) throws IOException, InterruptedException {
    switch (fault) {
      case KILL -> with(ofAnyRole(), this::kill);
      case FREEZE -> with(ofAnyRole(), this::freeze);
      case STOP -> with(ofAnyRole(), this::stop);
      case OTHER_CLOCK -> with(ofAnyRole(), this::otherClock);
      case KILL_BROKER -> with(List.of(hands.broker()), this::killBroker);
      case STOP_BROKER -> with(List.of(hands.broker()), this::stopBroker);
      case FREEZE_BROKER -> with(List.of(hands.broker()), this::freezeBroker);
      case FULL_DISK -> with(List.of(site.server(ChaosRun.SMALL).orElseThrow()), this::fillDisk);
      case JOIN_AND_LEAVE -> joinAndLeave();
      case REPEAT -> repeat();
    }
  }

  private interface Deed {
    void to(Child target) throws IOException, InterruptedException;
  }

  /** Does something to one of these; nobody else does anything to it meanwhile. */
  private void with(List<Child> candidates, Deed deed) throws IOException, InterruptedException {
    var target = take(candidates);
    try {
      deed.to(target);
    } finally {
      release(target);
    }
  }

  /** Each role is hurt as often as the others, however many processes have it. */
  private List<Child> ofAnyRole() {
    var roles = site.roles();
    return roles.get(dice(roles.size()));
  }

  private synchronized Child take(List<Child> candidates) throws InterruptedException {
    while (true) {
      var free = candidates.stream().filter(each -> !inHand.contains(each)).toList();
      if (!free.isEmpty()) {
        var taken = free.get(random.nextInt(free.size()));
        inHand.add(taken);
        return taken;
      }
      wait();
    }
  }

  private synchronized void release(Child child) {
    inHand.remove(child);
    notifyAll();
  }

  /** Waits for a moment worth hurting at, or for none; its name. */
  private String moment() throws InterruptedException {
    if (dice(3) == 0) {
      pause(1_000);
      return "";
    }
    var type = MOMENTS.get(dice(MOMENTS.size()));
    var seen = hands.witness().awaitNext(type::isInstance, LONGEST_AIM);
    return seen ? " at " + type.getSimpleName() : "";
  }

  private void kill(Child server) throws IOException, InterruptedException {
    var moment = moment();
    note(Fault.KILL, server.name() + moment);
    server.kill();
    pause(3_000);
    server.again();
  }

  private void freeze(Child server) throws IOException, InterruptedException {
    var moment = moment();
    note(Fault.FREEZE, server.name() + moment);
    server.freeze();
    TimeUnit.MILLISECONDS.sleep(FROZEN.toMillis());
    server.thaw();
  }

  private void stop(Child server) throws IOException, InterruptedException {
    note(Fault.STOP, server.name());
    server.end();
    server.again();
  }

  private void killBroker(Child broker) throws IOException, InterruptedException {
    note(Fault.KILL_BROKER, moment().strip());
    broker.kill();
    pause(4_000);
    broker.again();
  }

  private void stopBroker(Child broker) throws IOException, InterruptedException {
    note(Fault.STOP_BROKER, "");
    broker.end();
    pause(4_000);
    broker.again();
  }

  private void freezeBroker(Child broker) throws IOException, InterruptedException {
    note(Fault.FREEZE_BROKER, plan.outage().toSeconds() + " s");
    broker.freeze();
    TimeUnit.MILLISECONDS.sleep(plan.outage().toMillis());
    broker.thaw();
  }

  private void repeat() throws InterruptedException {
    var random = new Random(dice(1 << 30));
    var repeated = hands.producer().repeat(random);
    while (repeated.isEmpty()) {
      repeated = hands.producer().repeat(random);
    }
    note(Fault.REPEAT, repeated.get());
  }

  private void joinAndLeave() throws IOException, InterruptedException {
    var name = "guest" + joined.incrementAndGet();
    note(Fault.JOIN_AND_LEAVE, name);
    var guest = site.startServer(name, "executor", "--slots=1");
    site.forget(guest);
    TimeUnit.SECONDS.sleep(8 + dice(8));
    guest.end();
  }

  /** Its process ends, and the next one has another clock than the rest. */
  private void otherClock(Child server) throws IOException, InterruptedException {
    var seconds = server.secondsOff() != 0 && dice(3) == 0 ? 0 : dice(2) == 0 ? 60 : -60;
    note(Fault.OTHER_CLOCK, server.name() + " " + seconds + " s");
    server.kill();
    server.setSecondsOff(seconds);
    server.again();
  }

  private void fillDisk(Child node) throws IOException, InterruptedException {
    note(Fault.FULL_DISK, node.name());
    hands.disk().fill();
    TimeUnit.SECONDS.sleep(5 + dice(8));
    hands.disk().free();
  }

  /** Whoever runs a stage of poison dies of it. */
  void poisoned(String node) {
    try {
      var server = site.server(node);
      if (server.isPresent()) {
        server.get().kill();
        server.get().again();
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    } catch (IOException failed) {
      hands.witness().trouble("the poison: " + failed);
    }
  }

  /** Jobs of this build may be sent twice. */
  void mayRepeat(String build) {
    hands.producer().mayRepeat(build);
  }

  /** Starts whoever is not there. */
  void heal() throws IOException, InterruptedException {
    hands.broker().thaw();
    hands.broker().again();
    for (var server : site.servers()) {
      server.thaw();
      server.again();
    }
    hands.disk().free();
  }
}
