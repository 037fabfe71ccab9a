package dev.birgus.planner.flow;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Scheduling;

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

  /** Ask the desk for a stage. */
  record WantStage(Event.StageWanted wanted) implements Command {
    public WantStage {
      requireNonNull(wanted, "wanted");
    }
  }

  /**
   * Tell the desk something about a stage that was asked for.
   *
   * @param pool whose desk
   * @param event a stage that is wanted no more, or a result that is of no use
   */
  record TellDesk(String pool, Event.OfBuild event) implements Command {
    public TellDesk {
      requireNonNull(pool, "pool");
      requireNonNull(event, "event");
    }
  }

  /**
   * Tell pushers that what they still do for the build is not wanted any more.
   *
   * @param because a cancellation, which is too late once a tag has moved, or the build's end
   */
  record StopPush(Event.OfBuild because) implements Command {
    public StopPush {
      requireNonNull(because, "because");
    }
  }

  /** Hand the image to the pusher. */
  record PushImage(Event.PushRequested requested) implements Command {
    public PushImage {
      requireNonNull(requested, "requested");
    }
  }

  /**
   * Tell those who keep the lines.
   *
   * @param line what it is kept under, by {@link Scheduling#lineKey}
   * @param event the build is one of the line, or it has ended
   */
  record TellLine(String line, Event.OfBuild event) implements Command {
    public TellLine {
      requireNonNull(line, "line");
      requireNonNull(event, "event");
    }
  }

  /** Tell everybody. */
  record Announce(Event.OfBuild event) implements Command {
    public Announce {
      requireNonNull(event, "event");
    }
  }
}
