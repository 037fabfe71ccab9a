package dev.birgus.planner.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.bus.TableTransaction;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Scheduling;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Platform;
import dev.birgus.planner.flow.BuildState;
import dev.birgus.planner.flow.FlowSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What time does to builds, and what a processor makes of a table it takes over. */
class BuildProcessorTest {

  private static final BuildId BUILD = new BuildId("b");
  private static final TestBuild SAMPLE = TestBuild.of("FROM scratch\nRUN x\n");
  private static final Duration MEMORY = Duration.ofDays(1);

  private final RecordingBus bus = new RecordingBus();
  private final Map<String, BuildState> table = new HashMap<>();
  private BuildProcessor processor = newProcessor();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @AfterEach
  void close() {
    processor.givenUp();
    bus.close();
  }

  @Test
  void aBuildIsForgottenSomeTimeAfterItsEnd() {
    handle(new Event.BuildRequested(BUILD, SAMPLE.request()));
    handle(new Event.BuildCancelRequested(BUILD, "why"));

    now = now.plus(MEMORY).minusMillis(1);
    tick();
    assertThat(table).containsOnlyKeys("b");
    assertThat(handle(new Event.BuildRequested(BUILD, SAMPLE.request()))).isEmpty();

    now = now.plusMillis(1);
    tick();
    assertThat(table).isEmpty();
  }

  @Test
  void aBuildEndsWhenItsTimeIsOverThoughAnotherProcessorHasTakenItOver() {
    var scheduling =
        new Scheduling(
            "",
            0,
            Optional.empty(),
            Optional.of(Duration.ofMinutes(1)),
            Scheduling.DEFAULT_POOL,
            true);
    handle(new Event.BuildRequested(BUILD, SAMPLE.request().with(scheduling)));
    processor.givenUp();
    processor = newProcessor();
    run(processor::taken);

    now = now.plusSeconds(60);

    assertThat(tick())
        .singleElement()
        .isInstanceOfSatisfying(
            TableTransaction.Published.class,
            told -> assertThat(told.event()).isInstanceOf(Event.BuildFailed.class));
    assertThat(tick()).isEmpty();
  }

  @Test
  void aPlanIsMadeAgainByWhoTakesABuildOverAndCountsOnce() {
    table.put("b", new BuildState.Planning(SAMPLE.request(), Optional.empty()));

    run(processor::taken);

    var planned = (Event.BuildPlanned) bus.next(Topic.RESULTS);
    assertThat(handle(planned))
        .extracting(TableTransaction.Published::topic)
        .containsExactly(Topic.EVENTS, Topic.STAGES);
    assertThat(handle(planned)).isEmpty();
  }

  private BuildProcessor newProcessor() {
    var planning =
        new DockerfilePlanning(
            (name, _, _) -> {
              throw new IllegalStateException(name);
            },
            SAMPLE.contexts,
            Platform.of("linux", "amd64"));
    var plans = new PlanMaking(planning, bus, Journal.silent(), new Semaphore(1));
    return new BuildProcessor(plans, FlowSettings.DEFAULT, MEMORY);
  }

  private List<TableTransaction.Published> handle(Event event) {
    return run(transaction -> processor.handle("b", event, transaction));
  }

  private List<TableTransaction.Published> tick() {
    return run(processor::tick);
  }

  private List<TableTransaction.Published> run(Consumer<TableTransaction<BuildState>> work) {
    var transaction = new TableTransaction<>(now, table);
    work.accept(transaction);
    transaction.effects().forEach(Runnable::run);
    return transaction.published();
  }
}
