package dev.birgus.ingest.api;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Delivery;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.oci.Digest;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What became of a build, folded from its events.
 *
 * @param tenant on whose account it runs; may be empty
 * @param names the image is to have
 * @param requested when it was requested, or became known here if nobody says
 * @param ended when its end did
 * @param stages that have to run; 0 as long as there is no plan
 * @param done which of them are finished
 * @param digest of the image's manifest
 * @param size of the image's compressed layers, in bytes
 * @param reason why it ended without an image, in a sentence
 * @param failure the stable name of what went wrong
 * @param awaits the pool none of whose nodes takes its stages
 */
public record BuildSummary(
    BuildId build,
    State state,
    String tenant,
    List<String> names,
    Instant requested,
    Optional<Instant> ended,
    int stages,
    Set<StageId> done,
    Optional<Digest> digest,
    long size,
    String failure,
    String reason,
    Optional<String> awaits) {

  /** How far it has come. */
  public enum State {
    /** Nothing of it runs yet. */
    WAITING,
    RUNNING,
    PUSHING,
    SUCCEEDED,
    FAILED,
    CANCELLED;

    /** Whether nothing more comes of it. */
    public boolean isEnd() {
      return this == SUCCEEDED || this == FAILED || this == CANCELLED;
    }

    /** For programs. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public BuildSummary {
    requireNonNull(build, "build");
    requireNonNull(state, "state");
    requireNonNull(tenant, "tenant");
    names = List.copyOf(names);
    requireNonNull(requested, "requested");
    requireNonNull(ended, "ended");
    done = Set.copyOf(done);
    requireNonNull(digest, "digest");
    requireNonNull(failure, "failure");
    requireNonNull(reason, "reason");
    requireNonNull(awaits, "awaits");
  }

  /** A build of which nothing is known but that it is there. */
  static BuildSummary begun(BuildId build, Instant now) {
    return new BuildSummary(
        build,
        State.WAITING,
        "",
        List.of(),
        now,
        Optional.empty(),
        0,
        Set.of(),
        Optional.empty(),
        0,
        "",
        "",
        Optional.empty());
  }

  /** The same build after this event. An event that comes twice changes nothing the second time. */
  BuildSummary after(Event event, Instant now) {
    if (state.isEnd() && !(event instanceof Event.BuildRequested)) {
      return this;
    }
    return switch (event) {
      case Event.BuildRequested(_, var request, var at) ->
          new Draft(this)
              .requested(at)
              .ofTenant(request.scheduling().tenant())
              .named(
                  request.deliveries().stream()
                      .filter(Delivery.ToRegistry.class::isInstance)
                      .map(each -> ((Delivery.ToRegistry) each).written())
                      .toList())
              .finish();
      case Event.BuildPlanned(_, var plan) ->
          new Draft(this).in(State.RUNNING).withStages(plan.stages().size()).finish();
      case Event.StageFinished finished -> new Draft(this).done(finished.stage()).finish();
      case Event.StageShared shared ->
          shared.finished() ? new Draft(this).done(shared.stage()).finish() : this;
      case Event.NodesAwaited(_, var pool, var over) ->
          new Draft(this).awaiting(over ? Optional.empty() : Optional.of(pool)).finish();
      case Event.BlobPushed _ ->
          stages > 0 && done.size() >= stages ? new Draft(this).in(State.PUSHING).finish() : this;
      case Event.BuildSucceeded(_, var manifest, var bytes) ->
          new Draft(this).made(manifest, bytes).ended(State.SUCCEEDED, now).finish();
      case Event.BuildFailed(_, var why) ->
          new Draft(this).because(why.name(), why.message()).ended(State.FAILED, now).finish();
      case Event.BuildCancelled(_, var why) ->
          new Draft(this).because("cancelled", why).ended(State.CANCELLED, now).finish();
      default -> this;
    };
  }

  /** As the API shows it. */
  Json.Obj toJson() {
    var json =
        Json.Obj.EMPTY
            .with("id", Json.of(build.value()))
            .with("state", Json.of(state.word()))
            .with("tenant", Json.of(tenant))
            .with("images", Json.ofStrings(names))
            .with("requested", Json.of(requested.toString()))
            .with("stages", Json.of(stages))
            .with("stages_done", Json.of(done.size()));
    if (awaits.isPresent()) {
      json = json.with("awaits_pool", Json.of(awaits.get()));
    }
    if (ended.isPresent()) {
      json = json.with("ended", Json.of(ended.get().toString()));
    }
    if (digest.isPresent()) {
      json = json.with("digest", Json.of(digest.get().toString())).with("size", Json.of(size));
    }
    return failure.isEmpty()
        ? json
        : json.with("failure", Json.of(failure)).with("reason", Json.of(reason));
  }

  /** A summary that is being changed. */
  private static final class Draft {
    private final BuildSummary before;
    private State state;
    private String tenant;
    private List<String> names;
    private Instant requested;
    private Optional<Instant> ended;
    private int stages;
    private final Set<StageId> done;
    private Optional<Digest> digest;
    private long size;
    private String failure;
    private String reason;
    private Optional<String> awaits;

    Draft(BuildSummary before) {
      this.before = before;
      this.state = before.state;
      this.tenant = before.tenant;
      this.names = before.names;
      this.requested = before.requested;
      this.ended = before.ended;
      this.stages = before.stages;
      this.done = new HashSet<>(before.done);
      this.digest = before.digest;
      this.size = before.size;
      this.failure = before.failure;
      this.reason = before.reason;
      this.awaits = before.awaits;
    }

    Draft awaiting(Optional<String> pool) {
      awaits = pool;
      return this;
    }

    Draft in(State reached) {
      state = reached;
      return this;
    }

    Draft requested(Optional<Instant> at) {
      requested = at.orElse(requested);
      return this;
    }

    Draft ofTenant(String name) {
      tenant = name;
      return this;
    }

    Draft named(List<String> images) {
      names = images;
      return this;
    }

    Draft withStages(int number) {
      stages = number;
      return this;
    }

    Draft done(StageId stage) {
      done.add(stage);
      awaits = Optional.empty();
      return this;
    }

    Draft made(Digest manifest, long bytes) {
      digest = Optional.of(manifest);
      size = bytes;
      return this;
    }

    Draft because(String name, String sentence) {
      failure = name;
      reason = sentence;
      return this;
    }

    Draft ended(State end, Instant now) {
      state = end;
      ended = Optional.of(now);
      awaits = Optional.empty();
      return this;
    }

    BuildSummary finish() {
      return new BuildSummary(
          before.build,
          state,
          tenant,
          names,
          requested,
          ended,
          stages,
          done,
          digest,
          size,
          failure,
          reason,
          awaits);
    }
  }
}
