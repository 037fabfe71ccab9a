package dev.birgus.infra.observe;

import java.util.List;

/**
 * The dictionary of what is measured: one entry for each name an operator can ask for. Prometheus
 * shows dots as underscores, counters with {@code _total} and times in seconds.
 */
public enum Meter {
  BUILDS_ACCEPTED(Kind.COUNTER, "birgus.builds.accepted", "Builds taken in"),
  BUILDS_ENDED(
      Kind.COUNTER, "birgus.builds.ended", "Builds that came to an end, by outcome", "outcome"),
  BUILDS_OPEN(
      Kind.GAUGE,
      "birgus.builds.open",
      "Builds that have not ended, of this planner; the sum is that of all"),
  BUILD_TIME(Kind.TIMER, "birgus.build.duration", "From the plan to its end", "outcome"),
  STAGES_WANTED(Kind.COUNTER, "birgus.stages.wanted", "Stages asked for, by builds"),
  STAGES_STARTED(Kind.COUNTER, "birgus.stages.started", "Stages a node has begun"),
  STAGES_ENDED(
      Kind.COUNTER,
      "birgus.stages.ended",
      "Stages that came to an end, as their builds see it",
      "outcome"),
  STEP_TIME(Kind.TIMER, "birgus.step.duration", "How long steps ran"),
  LAYERS_SEALED(Kind.COUNTER, "birgus.layers.sealed", "Layers made"),
  LAYER_BYTES(Kind.COUNTER, "birgus.layers.bytes", "Bytes of the layers made, compressed"),
  LAYERS_CACHED(
      Kind.COUNTER,
      "birgus.layers.cached",
      "Layers a stage needed that its node had already: nothing was downloaded or unpacked"),
  BYTES_MOVED(
      Kind.COUNTER,
      "birgus.transfer.bytes",
      "Bytes of transfers that are complete, by kind: what was down- and uploaded",
      "kind"),
  BLOBS_PUSHED(
      Kind.COUNTER, "birgus.blobs.pushed", "Blobs registries have, by how they came there", "how"),
  DELIVERIES(Kind.COUNTER, "birgus.deliveries", "Images delivered: tags moved"),
  PUSH_TIME(
      Kind.TIMER,
      "birgus.push.duration",
      "From the end of the last stage to that of the build",
      "outcome"),
  LEASES_LOST(
      Kind.COUNTER,
      "birgus.leases.lost",
      "Jobs that were taken from a worker, because it gave no sign of life",
      "queue"),
  JOBS_AGAIN(
      Kind.COUNTER,
      "birgus.jobs.again",
      "Jobs taken that were given out before: a worker died, lost its lease, threw or gave back",
      "queue"),
  QUEUE_DEPTH(
      Kind.GAUGE, "birgus.queue.depth", "Jobs and events that are not done, by queue", "queue"),
  STAGES_WAITING(
      Kind.GAUGE,
      "birgus.stages.waiting",
      "Stages builds wait for that no node runs; said by the planner that has the pool",
      "pool"),
  POOL_SLOTS(
      Kind.GAUGE,
      "birgus.pool.slots",
      "Slots of a pool's living nodes; said by the planner that has the pool",
      "pool"),
  SLOTS(Kind.GAUGE, "birgus.slots", "Stages this node can run at once"),
  HANDLERS_FAILED(
      Kind.COUNTER, "birgus.handlers.failed", "Events and jobs at which a service threw", "event"),
  EVENTS_SKIPPED(
      Kind.COUNTER, "birgus.events.skipped", "Events of a type this version does not know"),
  EVENTS_UNREADABLE(
      Kind.COUNTER,
      "birgus.events.unreadable",
      "Events that cannot be read, or lead to nothing that can be sent; their builds have failed",
      "topic"),
  EVENTS_NOT_SENT(
      Kind.COUNTER,
      "birgus.events.not.sent",
      "Events of a feed the brokers did not take for too long",
      "topic"),
  PLACES_LOST(
      Kind.COUNTER,
      "birgus.places.lost",
      "Times a reader came when events it had not read were deleted",
      "topic"),
  PROCESSORS_ANEW(
      Kind.COUNTER,
      "birgus.processors.anew",
      "Times a processor began anew with what is certain",
      "processor"),
  REQUESTS(
      Kind.COUNTER, "birgus.api.requests", "Requests to the API, by what they asked for", "what"),
  CONTEXT_BYTES(Kind.COUNTER, "birgus.contexts.bytes", "Bytes of build contexts taken in");

  /** How a value behaves. */
  public enum Kind {
    /** It only grows. */
    COUNTER,
    /** It goes up and down. */
    GAUGE,
    /** Times: their number, their sum, and how many were how long. */
    TIMER
  }

  private final Kind kind;
  private final String key;
  private final String help;
  private final String labels;

  Meter(Kind kind, String key, String help, String... labels) {
    this.kind = kind;
    this.key = key;
    this.help = help;
    this.labels = String.join(",", labels);
  }

  /** How its value behaves. */
  public Kind kind() {
    return kind;
  }

  /** Its name, with dots. */
  public String key() {
    return key;
  }

  /** One sentence for operators, without a full stop. */
  public String help() {
    return help;
  }

  /** The names of its labels, in the order their values are given. */
  public List<String> labels() {
    return labels.isEmpty() ? List.of() : List.of(labels.split(","));
  }
}
