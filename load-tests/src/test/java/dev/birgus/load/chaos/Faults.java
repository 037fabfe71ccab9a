package dev.birgus.load.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Hurts a site at random, one thing after another, and heals what it has hurt. */
final class Faults {

  /** Longer than a lease. */
  private static final int FROZEN_MILLIS = 19_000;

  private final Site site;
  private final Child broker;
  private final FullDisk disk;
  private final Random random;
  private final AtomicInteger joined = new AtomicInteger();
  private final List<String> done = new ArrayList<>();

  /** Fills and frees the disk of a node. */
  interface FullDisk {
    /** Nothing can be written any more. */
    void fill() throws IOException;

    /** There is space again. */
    void free() throws IOException;
  }

  Faults(Site site, Child broker, FullDisk disk, Random random) {
    this.site = site;
    this.broker = broker;
    this.disk = disk;
    this.random = random;
  }

  /** What was done so far. */
  synchronized List<String> done() {
    return List.copyOf(done);
  }

  private synchronized void note(String fault) {
    done.add(fault);
  }

  /** Does one thing, and heals it. */
  void next() throws IOException, InterruptedException {
    switch (random.nextInt(10)) {
      case 0, 1, 2, 3 -> kill(anyServer());
      case 4, 5 -> freeze(anyServer());
      case 6 -> restartBroker();
      case 7 -> joinAndLeave();
      case 8 -> fillDisk();
      default -> leaveAndReturn(anyServer());
    }
  }

  private Child anyServer() {
    var servers = site.servers();
    return servers.get(random.nextInt(servers.size()));
  }

  private void kill(Child server) throws IOException, InterruptedException {
    note("kill -9 " + server.name());
    server.kill();
    TimeUnit.MILLISECONDS.sleep(random.nextInt(3_000));
    server.again();
  }

  private void freeze(Child server) throws IOException, InterruptedException {
    note("freeze " + server.name());
    server.freeze();
    TimeUnit.MILLISECONDS.sleep(FROZEN_MILLIS);
    server.thaw();
  }

  private void restartBroker() throws IOException, InterruptedException {
    if (random.nextBoolean()) {
      note("kill -9 broker");
      broker.kill();
    } else {
      note("stop broker");
      broker.end();
    }
    TimeUnit.MILLISECONDS.sleep(random.nextInt(4_000));
    broker.again();
  }

  private void joinAndLeave() throws IOException, InterruptedException {
    var name = "guest" + joined.incrementAndGet();
    note("join and leave of " + name);
    var guest = site.startServer(name, "executor", "--slots=1");
    site.forget(guest);
    TimeUnit.SECONDS.sleep(15 + random.nextInt(10));
    guest.end();
  }

  private void leaveAndReturn(Child server) throws IOException, InterruptedException {
    note("stop " + server.name());
    server.end();
    server.again();
  }

  private void fillDisk() throws IOException, InterruptedException {
    note("full disk");
    disk.fill();
    TimeUnit.SECONDS.sleep(5 + random.nextInt(10));
    disk.free();
  }

  /** Starts whoever is not there. */
  void heal() throws IOException, InterruptedException {
    broker.again();
    for (var server : site.servers()) {
      server.thaw();
      server.again();
    }
    disk.free();
  }
}
