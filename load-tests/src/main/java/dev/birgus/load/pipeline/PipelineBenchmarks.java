package dev.birgus.load.pipeline;

import static dev.birgus.load.pipeline.PipelineRow.fixed;

import dev.birgus.infra.contracts.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** What the pipeline costs, how it scales, and how soon it notices that a node is gone. */
public final class PipelineBenchmarks {

  private static final int WARM_UP = 60;
  private static final int PAIRS = 60;
  private static final int MANY = 200;
  private static final int WAITING = 60;
  private static final Clients AS_USUAL = new Clients(16);
  private static final List<Integer> EXECUTORS = List.of(1, 2, 4);
  private static final int NODES = 4;
  private static final int STAGES = 4;
  private static final int STAGE_SECONDS = 10;
  private static final int SHARING = 20;
  private static final int EXPENSIVE_SECONDS = 5;
  private static final int KILLS = 5;
  private static final int FREEZES = 3;
  private static final long PATIENCE_SECONDS = 90;
  private static final String STARTED = "birgus_stages_started_total";

  private final Path work;
  private final Path context;
  private final BuildService.Means means;

  /**
   * Benchmarks in a folder.
   *
   * @param work an empty folder
   * @param context a tar with a static {@code busybox} in it
   * @param java the program and its options, with a class path that has all of birgus
   * @param registry without TLS, where images go
   */
  public PipelineBenchmarks(Path work, Path context, List<String> java, String registry) {
    this.work = work;
    this.context = context;
    this.means = new BuildService.Means(java, registry);
  }

  /** A benchmark that gives rows. */
  private interface Measurement {
    List<PipelineRow> rows() throws Exception;
  }

  /**
   * Runs those whose letters are wanted.
   *
   * @return a table, or nothing if none of them is one of these
   */
  public Optional<String> run(String letters) throws Exception {
    var rows = new ArrayList<PipelineRow>();
    add(rows, letters, "p", this::overhead);
    add(rows, letters, "q", this::manyBuilds);
    add(rows, letters, "r", this::independentStages);
    add(rows, letters, "s", this::sharedStage);
    add(rows, letters, "t", this::lostNodes);
    add(rows, letters, "u", this::costs);
    return rows.isEmpty()
        ? Optional.empty()
        : Optional.of(
            PipelineRow.HEAD
                + "\n"
                + rows.stream().map(PipelineRow::toString).collect(Collectors.joining("\n")));
  }

  private static void add(
      List<PipelineRow> rows, String letters, String letter, Measurement measurement)
      throws Exception {
    if (letters.isEmpty() || letters.contains(letter)) {
      System.err.println("running: " + letter);
      var made = measurement.rows();
      made.forEach(System.err::println);
      rows.addAll(made);
    }
  }

  /** One file, and nobody has built it before. */
  private static String trivial(String tag) {
    return "FROM scratch\nCOPY hello /hello-" + tag + "\n";
  }

  /** A step that waits; its stage is unlike that of every other tag. */
  private static String waiting(String tag, double seconds) {
    return waiting("", tag, seconds);
  }

  /** The same, of a stage with a name: {@code " AS base"}. */
  private static String waiting(String name, String result, double seconds) {
    return """
    FROM scratch%s
    COPY busybox /bin/busybox
    RUN ["/bin/busybox", "sh", "-ec", "/bin/busybox sleep %s; echo %s > /result"]
    """
        .formatted(name, seconds, result);
  }

  private List<PipelineRow> overhead() throws Exception {
    try (var kafka = new BuildService(work.resolve("p/kafka"), means);
        var memory = BuildService.inMemory(work.resolve("p/memory"), means);
        var onKafka = kafka.builds(context);
        var inMemory = memory.builds(context)) {
      var with = new ArrayList<Double>();
      var without = new ArrayList<Double>();
      for (var i = -WARM_UP; i < PAIRS; i++) {
        var measured = seconds(onKafka, "k" + i);
        var beside = seconds(inMemory, "m" + i);
        if (i >= 0) {
          with.add(measured);
          without.add(beside);
        }
      }
      return List.of(
          PipelineRow.slower(
              "(p) a trivial build, sent to its end, nothing else running; beside: the same"
                  + " server on the in-memory bus",
              median(with),
              median(without)));
    }
  }

  private static double seconds(Builds builds, String tag)
      throws IOException, InterruptedException {
    var start = System.nanoTime();
    builds.run(trivial(tag), tag);
    return since(start);
  }

  private static double since(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private static double median(List<Double> values) {
    var sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  /** A service whose first process runs none of the stages: they are for another pool than its. */
  private BuildService headOnly(String folder) throws IOException, InterruptedException {
    return new BuildService(work.resolve(folder), means, "--pool=head", "--pushes=8");
  }

  private List<PipelineRow> manyBuilds() throws Exception {
    var trivial = new ArrayList<Double>();
    var waiting = new ArrayList<Double>();
    for (var executors : EXECUTORS) {
      try (var service = headOnly("q" + executors);
          var builds = service.builds(context)) {
        for (var i = 0; i < executors; i++) {
          service.addNode("node" + i, 1);
        }
        warmUp(builds, "w" + executors + "-");
        trivial.add(AS_USUAL.run(builds, MANY, "t" + executors + "-", PipelineBenchmarks::trivial));
        waiting.add(AS_USUAL.run(builds, WAITING, "s" + executors + "-", tag -> waiting(tag, 1)));
      }
    }
    var rows = new ArrayList<PipelineRow>();
    for (var i = 0; i < EXECUTORS.size(); i++) {
      var name =
          "(q) "
              + MANY
              + " trivial builds, "
              + AS_USUAL.atOnce()
              + " at once, on "
              + EXECUTORS.get(i)
              + " executor processes; beside: 1";
      rows.add(PipelineRow.faster(name, trivial.get(i), trivial.getFirst()));
    }
    for (var i = 0; i < EXECUTORS.size(); i++) {
      var name =
          "(q) "
              + WAITING
              + " builds that wait a second, on "
              + EXECUTORS.get(i)
              + " executor processes; beside: 1";
      rows.add(PipelineRow.faster(name, waiting.get(i), waiting.getFirst()));
    }
    return rows;
  }

  private static void warmUp(Builds builds, String tags) throws Exception {
    AS_USUAL.run(builds, WARM_UP, tags, PipelineBenchmarks::trivial);
  }

  /**
   * Clients that run builds.
   *
   * @param atOnce how many there are
   */
  private record Clients(int atOnce) {
    /** Runs so many builds, whose tags are numbered; the seconds they took together. */
    double run(Builds builds, int count, String tags, Dockerfile dockerfile) throws Exception {
      var start = System.nanoTime();
      try (var threads = Executors.newFixedThreadPool(atOnce, Thread.ofVirtual().factory())) {
        var running = new ArrayList<Future<Void>>();
        for (var i = 0; i < count; i++) {
          var tag = tags + i;
          Callable<Void> build =
              () -> {
                builds.run(dockerfile.of(tag), tag);
                return null;
              };
          running.add(threads.submit(build));
        }
        await(running);
      }
      return since(start);
    }
  }

  /** The Dockerfile of a tag. */
  private interface Dockerfile {
    String of(String tag);
  }

  private static void await(List<Future<Void>> running) throws Exception {
    for (var each : running) {
      try {
        each.get();
      } catch (ExecutionException failed) {
        throw failed.getCause() instanceof Exception cause ? cause : failed;
      }
    }
  }

  private List<PipelineRow> independentStages() throws Exception {
    var times = new ArrayList<Double>();
    for (var count : List.of(1, NODES)) {
      try (var service = headOnly("r" + count);
          var builds = service.builds(context)) {
        for (var i = 0; i < count; i++) {
          service.addNode("node" + i, 1);
        }
        // Every node has run a step before, as those of a service have.
        builds.run(fourStages("w" + count, 1), "warm");
        var start = System.nanoTime();
        builds.run(fourStages("r" + count, STAGE_SECONDS), "stages");
        times.add(since(start));
      }
    }
    return List.of(
        PipelineRow.faster(
            "(r) a build of "
                + STAGES
                + " independent stages of "
                + STAGE_SECONDS
                + " s, on "
                + NODES
                + " nodes of one slot; beside: 1",
            times.getLast(),
            times.getFirst()));
  }

  private static String fourStages(String tag, int seconds) {
    var text = new StringBuilder();
    for (var i = 0; i < STAGES; i++) {
      text.append(waiting(" AS s" + i, tag + i, seconds));
    }
    text.append("FROM scratch\n");
    for (var i = 0; i < STAGES; i++) {
      text.append("COPY --from=s%d /result /result%d\n".formatted(i, i));
    }
    return text.toString();
  }

  private static String sharing(String tag) {
    return waiting(" AS expensive", "shared-by-" + tag.charAt(0), EXPENSIVE_SECONDS)
        + "FROM scratch\nCOPY --from=expensive /result /result-"
        + tag
        + "\n";
  }

  private List<PipelineRow> sharedStage() throws Exception {
    try (var service = headOnly("s");
        var builds = service.builds(context)) {
      for (var i = 0; i < NODES; i++) {
        service.addNode("node" + i, 1);
      }
      warmUp(builds, "w");
      var start = System.nanoTime();
      builds.run(sharing("a"), "a");
      var alone = since(start);
      var before = service.head().counter(STARTED);
      var all = new Clients(SHARING).run(builds, SHARING, "b", PipelineBenchmarks::sharing);
      var ran = service.head().counter(STARTED) - before - SHARING;
      var row =
          PipelineRow.faster(
              "(s) "
                  + SHARING
                  + " builds at once with one stage of "
                  + EXPENSIVE_SECONDS
                  + " s in common; beside: one such build",
              all,
              alone);
      return List.of(
          new PipelineRow(
              row.name(),
              row.measured(),
              row.beside(),
              "**the stage ran "
                  + fixed(ran, 0)
                  + " times**; "
                  + fixed(all / alone, 2)
                  + " of one"));
    }
  }

  private List<PipelineRow> costs() throws Exception {
    try (var service = BuildService.byRoles(work.resolve("u"), means);
        var builds = service.builds(context)) {
      AS_USUAL.run(builds, MANY, "w", PipelineBenchmarks::trivial);
      var before = service.servers().stream().map(ServerProcess::cpuTime).toList();
      AS_USUAL.run(builds, MANY, "u", PipelineBenchmarks::trivial);
      var rows = new ArrayList<PipelineRow>();
      for (var i = 0; i < before.size(); i++) {
        var server = service.servers().get(i);
        var millis = server.cpuTime().minus(before.get(i)).toMillis() / (double) MANY;
        rows.add(
            new PipelineRow(
                "(u) what the process `" + server.name() + "` needs of a core for a trivial build",
                fixed(millis, 1) + " ms",
                "",
                "**" + fixed(1000 / millis, 0) + " builds/s of a core**"));
      }
      return rows;
    }
  }

  private List<PipelineRow> lostNodes() throws Exception {
    try (var service = headOnly("t");
        var builds = service.builds(context)) {
      for (var i = 0; i < NODES; i++) {
        service.addNode("node" + i, 1);
      }
      warmUp(builds, "w");
      var killed = new ArrayList<Double>();
      for (var i = 0; i < KILLS; i++) {
        killed.add(elsewhere(service, builds, "killed" + i, true));
      }
      var frozen = new ArrayList<Double>();
      for (var i = 0; i < FREEZES; i++) {
        frozen.add(elsewhere(service, builds, "frozen" + i, false));
      }
      return List.of(
          moved("(t) from `kill -9` of a busy node to its stage running on another", killed),
          moved("(t) from `kill -STOP` of one (its lease is 15 s) to the same", frozen));
    }
  }

  private static PipelineRow moved(String name, List<Double> seconds) {
    var all = seconds.stream().sorted().map(each -> fixed(each, 2)).toList();
    return new PipelineRow(
        name, String.join(", ", all) + " s", "", "**" + fixed(median(seconds), 2) + " s**");
  }

  /** Takes the node of a running stage away; the seconds until another has begun it. */
  private static double elsewhere(BuildService service, Builds builds, String tag, boolean kill)
      throws Exception {
    var build = builds.submit(waiting(tag, PATIENCE_SECONDS), tag);
    BlockingQueue<String> begun = new LinkedBlockingQueue<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Event> following =
          () ->
              builds.follow(
                  build,
                  event -> {
                    if (event instanceof Event.StageStarted started) {
                      begun.add(started.node());
                    }
                  });
      var followed = threads.submit(following);
      var node = service.node(next(begun));
      // It has renewed its lease by then, as one that has worked for a while.
      TimeUnit.SECONDS.sleep(2);
      var start = System.nanoTime();
      if (kill) {
        node.kill();
      } else {
        node.signal("STOP");
      }
      next(begun);
      var took = since(start);
      if (kill) {
        node.again();
      } else {
        node.signal("CONT");
      }
      builds.cancel(build);
      followed.get();
      return took;
    }
  }

  private static String next(BlockingQueue<String> begun) throws InterruptedException, IOException {
    var node = begun.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (node == null) {
      throw new IOException("no node has begun the stage");
    }
    return node;
  }
}
