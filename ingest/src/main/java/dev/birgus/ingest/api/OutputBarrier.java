package dev.birgus.ingest.api;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.oci.Digest;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Waits until what steps have printed has arrived. Events and output come on topics of their own:
 * an empty chunk is sent after the output that is on its way, and when it comes back the output has
 * come too.
 */
final class OutputBarrier {

  private static final StageId NO_STAGE = new StageId(Digest.sha256(new byte[0]));

  private final EventBus bus;
  private final Map<String, CountDownLatch> waiting = new ConcurrentHashMap<>();

  OutputBarrier(EventBus bus) {
    this.bus = bus;
  }

  /** Whether a chunk is no output but a mark, of this server or another one. */
  boolean isMark(Event.LogChunk chunk) {
    if (!chunk.stage().equals(NO_STAGE)) {
      return false;
    }
    var latch = waiting.remove(chunk.text());
    if (latch != null) {
      latch.countDown();
    }
    return true;
  }

  /** Returns when the output of this build has come that was sent by now, or after this time. */
  void await(BuildId build, Duration limit) throws InterruptedException {
    var name = UUID.randomUUID().toString();
    var come = new CountDownLatch(1);
    waiting.put(name, come);
    try {
      bus.publish(Topic.LOGS, build.value(), new Event.LogChunk(build, NO_STAGE, 0, false, name));
      var _ = come.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      waiting.remove(name);
    }
  }
}
