package dev.birgus.cli.progress;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Digest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Shows one build to a person. It reads the public topics; services can also write to it as a
 * {@link Journal}.
 *
 * <p>What steps print comes on a topic of its own. So that it does not appear after the news that
 * its step is done, that news waits until all printed before it has been shown.
 */
public final class ProgressView implements Journal, AutoCloseable {

  private static final String GROUP = "progress";
  private static final StageId NO_STAGE = new StageId(Digest.sha256(new byte[0]));
  private static final long PATIENCE_SECONDS = 2;

  private final Object lock = new Object();
  private final BuildModel model;
  private final Renderer renderer;
  private final InstantSource clock;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final List<EventBus.Subscription> subscriptions = new ArrayList<>();
  private final Map<Integer, CountDownLatch> markers = new ConcurrentHashMap<>();
  private final @Nullable Thread drawing;
  private @Nullable EventBus bus;
  private int lastMarker;

  /** A view on this screen. A live one begins to draw at once. */
  public ProgressView(ViewSettings settings, Screen screen, InstantSource clock) {
    this.clock = clock;
    this.model = new BuildModel(clock.instant());
    if (settings.mode() == ViewSettings.Mode.LIVE) {
      this.renderer = new LiveRenderer(settings, screen, model, clock);
      this.drawing = Thread.ofVirtual().name("progress").start(this::drawUntilEnd);
    } else {
      this.renderer = new PlainRenderer(settings, screen, model);
      this.drawing = null;
    }
  }

  /** Reads this bus from now on. Call it before services that publish are started. */
  public void attach(EventBus events) {
    bus = events;
    subscriptions.add(events.subscribe(Topic.LOGS, GROUP, this::takeLog));
    subscriptions.add(events.subscribe(Topic.EVENTS, GROUP, this::take));
  }

  /** Says what the image will be called, as the user wrote it. */
  public void name(List<String> names) {
    synchronized (lock) {
      model.name(names);
    }
  }

  @Override
  public void log(Journal.Level level, String message, Map<String, String> context) {
    synchronized (lock) {
      renderer.log(Severity.of(level), message, context);
    }
  }

  /** Shows the end of a build that told of it by an event, which may still be on its way. */
  public void finish(Ending ending) {
    try {
      if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        end(ending);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      end(ending);
    }
  }

  /** Shows the end of a build now. A second ending is not shown. */
  public void end(Ending ending) {
    synchronized (lock) {
      model.end(ending, renderer);
    }
    ended.countDown();
  }

  /** Reads and draws no more. */
  @Override
  public void close() {
    subscriptions.forEach(EventBus.Subscription::close);
    if (drawing != null) {
      drawing.interrupt();
    }
  }

  private void takeLog(Event event) {
    if (event instanceof Event.LogChunk chunk && chunk.stage().equals(NO_STAGE)) {
      var marker = markers.remove(chunk.step());
      if (marker != null) {
        marker.countDown();
      }
      return;
    }
    apply(event);
  }

  private void take(Event event) {
    if (event instanceof Event.OfBuild ofBuild && endsOutput(event)) {
      awaitLogs(ofBuild.build());
    }
    apply(event);
  }

  private static boolean endsOutput(Event event) {
    return event instanceof Event.StepFinished
        || event instanceof Event.StageFailed
        || event instanceof Event.BuildSucceeded
        || event instanceof Event.BuildFailed
        || event instanceof Event.BuildCancelled;
  }

  private void apply(Event event) {
    synchronized (lock) {
      model.apply(event, clock.instant(), renderer);
      if (model.isEnded()) {
        ended.countDown();
      }
    }
  }

  /** Sends an empty chunk after those that are on their way, and waits until it comes back. */
  private void awaitLogs(BuildId build) {
    if (bus == null) {
      return;
    }
    var marker = new CountDownLatch(1);
    var number = ++lastMarker;
    markers.put(number, marker);
    bus.publish(Topic.LOGS, build.value(), new Event.LogChunk(build, NO_STAGE, number, false, ""));
    try {
      if (!marker.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        markers.remove(number);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void drawUntilEnd() {
    try {
      while (!ended.await(LiveRenderer.betweenDrawings().toMillis(), TimeUnit.MILLISECONDS)) {
        synchronized (lock) {
          if (!model.isEnded()) {
            renderer.tick();
          }
        }
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }
}
