package dev.birgus.ingest.api;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.AdmissionRules;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.BuildRequest;
import dev.birgus.infra.contracts.BuildRequest.NamedContext;
import dev.birgus.infra.contracts.ContextRef;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Scheduling;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lets a request in that somebody else has made, or says at once why not. The planner has the same
 * rules, for requests that come as events.
 */
final class Admission {

  private final AdmissionRules rules;
  private final InstantSource clock;

  Admission(AdmissionRules rules, InstantSource clock) {
    this.rules = requireNonNull(rules, "rules");
    this.clock = requireNonNull(clock, "clock");
  }

  /**
   * The request as it is published.
   *
   * @param tenant of the token it came with; empty to take the one of the request
   * @throws FailureException naming what is not taken
   */
  BuildRequest admit(BuildRequest request, String tenant) {
    var admitted = rules.admit(request);
    var asked = admitted.scheduling();
    return admitted.with(
        new Scheduling(
            tenant.isEmpty() ? asked.tenant() : tenant,
            asked.priority(),
            asked.line(),
            asked.timeLimit(),
            asked.pool(),
            asked.shared()));
  }

  /** What is published of a request that was let in: it is as old as this. */
  Event.BuildRequested requested(BuildId build, BuildRequest request) {
    return new Event.BuildRequested(build, request, Optional.of(clock.instant()));
  }

  /** The contexts of a request, all of which are blobs. */
  static List<ContextRef> contexts(BuildRequest request) {
    var contexts = new ArrayList<ContextRef>();
    contexts.add(request.context());
    for (var named : request.namedContexts().values()) {
      if (named instanceof NamedContext.Files(var context)) {
        contexts.add(context);
      }
    }
    return List.copyOf(contexts);
  }
}
