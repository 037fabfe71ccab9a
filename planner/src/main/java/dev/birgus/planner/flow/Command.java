package dev.birgus.planner.flow;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Event;

/** What has to be done now. The service does it; nothing else happens on a build's account. */
public sealed interface Command {

  /** Make the plan, and tell of it by {@code BuildPlanned} or {@code BuildFailed}. */
  record MakePlan(Event.BuildRequested requested) implements Command {
    public MakePlan {
      requireNonNull(requested, "requested");
    }
  }

  /** Stop making the plan: nobody waits for it. */
  record StopPlanning() implements Command {}

  /** Put a stage on the work queue. */
  record RunStage(Event.StageReady ready) implements Command {
    public RunStage {
      requireNonNull(ready, "ready");
    }
  }

  /** Tell nodes and pushers that what they still do for the build is not wanted any more. */
  record StopStages(Event.BuildCancelRequested cancelled) implements Command {
    public StopStages {
      requireNonNull(cancelled, "cancelled");
    }
  }

  /** Hand the image to the pusher. */
  record PushImage(Event.PushRequested requested) implements Command {
    public PushImage {
      requireNonNull(requested, "requested");
    }
  }

  /** Tell everybody. */
  record Announce(Event event) implements Command {
    public Announce {
      requireNonNull(event, "event");
    }
  }
}
