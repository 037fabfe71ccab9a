package dev.birgus.infra.bus.kafka;

import dev.birgus.infra.bus.BusWatch;
import dev.birgus.infra.bus.Processing;
import dev.birgus.infra.bus.Processor;
import dev.birgus.infra.bus.Transaction;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Event.BuildCancelRequested;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A process with a processor or a worker, until it is killed or its input ends. */
public final class MemberProcess implements AutoCloseable {

  /** What it is: one with a processor that counts and adds up, or a worker with a slot. */
  enum Role {
    TALLY,
    WORK
  }

  static final String LANE = "pool";
  static final String WORKERS = "nodes";

  private final Role role;
  private final String address;
  private final String prefix;
  private final String name;
  private Process process;

  /** How many events of a key there were, and what their numbers come to. */
  public record Tally(int events, long sum) {}

  /** Adds up, and publishes where it is: {@code number/events/sum}. */
  static final class Adding implements Processor<Tally> {
    @Override
    public void taken(Transaction<Tally> table) {}

    @Override
    public void handle(String key, Event event, Transaction<Tally> transaction) {
      var before = transaction.get(key).orElse(new Tally(0, 0));
      var number = Long.parseLong(((BuildCancelRequested) event).reason());
      var tally = new Tally(before.events() + 1, before.sum() + number);
      transaction.put(key, tally);
      transaction.publish(
          Topic.EVENTS,
          key,
          new BuildCancelRequested(
              new BuildId(key), number + "/" + tally.events() + "/" + tally.sum()));
    }

    @Override
    public void tick(Transaction<Tally> transaction) {}

    @Override
    public void givenUp() {}
  }

  static Processing<Tally> processing() {
    return new Processing<>("tally", Set.of(Topic.BUILDS, Topic.RESULTS), Tally.class, Adding::new);
  }

  MemberProcess(Role role, String address, String prefix, String name) throws IOException {
    this.role = role;
    this.address = address;
    this.prefix = prefix;
    this.name = name;
    this.process = launched();
  }

  private Process launched() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            MemberProcess.class.getName(),
            role.name(),
            address,
            prefix,
            name)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .redirectOutput(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Ends it as kill -9 does. */
  void kill() {
    process.destroyForcibly();
  }

  void startAgain() throws IOException, InterruptedException {
    kill();
    process.waitFor();
    process = launched();
  }

  /** Stops it in the middle of whatever it does, or lets it go on. */
  void signal(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    kill();
    process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
  }

  public static void main(String[] arguments) throws Exception {
    var settings = KafkaSettings.at(arguments[1]).withPrefix(arguments[2]).withPartitions(3);
    var bus = KafkaEventBus.open(settings, arguments[3], Journal.silent(), watch(arguments[3]));
    switch (Role.valueOf(arguments[0])) {
      case TALLY -> bus.process(processing());
      case WORK -> work(bus, arguments[3]);
    }
    while (System.in.read() >= 0) {
      // Until the test has ended, however it has.
    }
    Runtime.getRuntime().halt(0);
  }

  /** Works on a job until it is told that that is done. */
  private static void work(KafkaEventBus bus, String name) {
    var done = new CountDownLatch(1);
    bus.follow(Topic.CONTROL, name, _ -> done.countDown());
    bus.work(
        Topic.WORK,
        LANE,
        WORKERS,
        1,
        job -> {
          tell(bus, name + " took it for the " + job.delivery() + ". time");
          var interrupted = false;
          try {
            while (job.stillMine() && !done.await(200, TimeUnit.MILLISECONDS)) {
              // It goes on.
            }
          } catch (InterruptedException _) {
            interrupted = true;
          }
          tell(bus, name + (!interrupted && job.stillMine() ? " did it" : " lost it"));
        });
    tell(bus, name + " is there");
  }

  private static void tell(KafkaEventBus bus, String what) {
    bus.publish(Topic.RESULTS, "job", new BuildCancelRequested(new BuildId("job"), what));
  }

  private static BusWatch watch(String name) {
    return new BusWatch() {
      @Override
      public void handlerFailed(Optional<Event> event, Throwable failure) {
        say("failed", failure);
      }

      @Override
      public void stopped(String part, Throwable why) {
        say("stopped " + part, why);
        // As one does that is not ready any more.
        Runtime.getRuntime().halt(3);
      }

      @Override
      public void begunAnew(String processor, Throwable why) {
        say("anew " + processor, why);
      }

      private void say(String what, Throwable why) {
        System.err.println("member " + name + " " + what + ": " + why);
      }
    };
  }
}
