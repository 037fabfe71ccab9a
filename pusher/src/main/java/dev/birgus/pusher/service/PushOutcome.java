package dev.birgus.pusher.service;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.bus.Job;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event.ImagePushed;
import dev.birgus.infra.contracts.Event.PushFailed;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Says what became of a push. A pusher that has lost its job to another says nothing: the other one
 * does, and it may do better.
 *
 * @param tagging whether a tag may have moved: then the push was not cancelled, whoever asked for
 *     it
 */
record PushOutcome(
    EventBus bus,
    Job job,
    BuildId build,
    Cancellations cancellations,
    AtomicBoolean tagging,
    Journal journal) {

  /** Every delivery was made. That is so whoever has the job now. */
  void pushed(ImagePushed pushed) {
    bus.publish(Topic.RESULTS, build.value(), pushed);
  }

  /** It was told to end. */
  void interrupted(boolean handsBack) {
    ended(
        Failure.of("push-cancelled", "the push was interrupted: the pusher is being stopped", ""),
        handsBack);
  }

  /**
   * It ended with this failure, which may be because it was told to end.
   *
   * @param handsBack whether another may go on when this pusher stops
   */
  void ended(Failure failure, boolean handsBack) {
    var cancelled = cancellations.reason(build);
    if (!job.stillMine()) {
      journal.log(
          Journal.Level.INFO,
          "a push was lost to another pusher",
          Map.of(LogKeys.BUILD, build.value()));
    } else if (cancelled.isPresent() && !tagging.get()) {
      failed(
          Failure.of("push-cancelled", "the push was cancelled: " + cancelled.orElseThrow(), ""));
    } else if (handsBack && cancellations.isStopping()) {
      job.giveBack();
    } else {
      failed(failure);
    }
  }

  /** It failed, and nobody else will do better. */
  void failed(Failure failure) {
    bus.publish(Topic.RESULTS, build.value(), new PushFailed(build, failure));
  }
}
