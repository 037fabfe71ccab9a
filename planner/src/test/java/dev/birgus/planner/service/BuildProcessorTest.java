package dev.birgus.planner.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.birgus.infra.bus.TableTransaction;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
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
  private final RecordedGauges gauges = new RecordedGauges();
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

  @Test
  void aBuildOneOfWhoseEventsCameToNothingFailsOnce() {
    var why = Failure.of(Failure.EVENT_TOO_LARGE, "too large", "");
    handle(new Event.BuildRequested(BUILD, SAMPLE.request()));

    assertThat(gaveUp("b", why))
        .extracting(TableTransaction.Published::event)
        .containsExactly(new Event.BuildFailed(BUILD, why));

    assertThat(gaveUp("b", why)).isEmpty();
    assertThat(handle(new Event.BuildRequested(BUILD, SAMPLE.request()))).isEmpty();
  }

  @Test
  void aBuildWhoseRequestCannotBeReadFails() {
    var why = Failure.of(Failure.EVENT_UNREADABLE, "no text", "");

    assertThat(gaveUp("b", why))
        .extracting(TableTransaction.Published::topic, TableTransaction.Published::event)
        .containsExactly(tuple(Topic.EVENTS, new Event.BuildFailed(BUILD, why)));

    assertThat(gaveUp("not the name of a build", why)).isEmpty();
  }

  @Test
  void aBuildAJobOfWhichNobodyCanReadFailsWhateverItIsAt() {
    var failed = new Event.BuildFailed(BUILD, Failure.of(Failure.EVENT_UNREADABLE, "no text", ""));
    assertThat(handle(failed)).as("nobody knows it").isEmpty();
    table.put("b", new BuildState.Planning(SAMPLE.request(), Optional.empty()));
    run(processor::taken);
    handle((Event.BuildPlanned) bus.next(Topic.RESULTS));

    assertThat(handle(failed)).extracting(TableTransaction.Published::event).contains(failed);
    assertThat(table.get("b")).isInstanceOf(BuildState.Ended.class);
  }

  @Test
  void openBuildsAreCountedFromTheTableByWhoHasIt() {
    assertThat(gauges.text()).containsExactly("BUILDS_OPEN[] 0");
    handle(new Event.BuildRequested(BUILD, SAMPLE.request()));
    table.put("other", new BuildState.Planning(SAMPLE.request(), Optional.empty()));
    table.put("over", new BuildState.Ended(now));
    assertThat(gauges.text()).as("without a plan").containsExactly("BUILDS_OPEN[] 1");

    var another = new RecordedGauges();
    processor.givenUp();
    assertThat(gauges.text()).as("what it is asked for").containsExactly("BUILDS_OPEN[] 0");
    processor = newProcessor(another);
    run(processor::taken);
    assertThat(another.text()).containsExactly("BUILDS_OPEN[] 2");

    handle(new Event.BuildCancelRequested(BUILD, "why"));
    handle(new Event.BuildCancelRequested(BUILD, "again"));
    assertThat(another.text()).containsExactly("BUILDS_OPEN[] 1");
    assertThat(gauges.text()).containsExactly("BUILDS_OPEN[] 0");
  }

  @Test
  void aBuildThatComesAndEndsInOneTransactionIsNotOpen() {
    run(transaction -> {
      processor.handle("b", new Event.BuildRequested(BUILD, SAMPLE.request()), transaction);
      processor.handle("b", new Event.BuildCancelRequested(BUILD, "why"), transaction);
    });

    assertThat(gauges.text()).containsExactly("BUILDS_OPEN[] 0");
  }

  private List<TableTransaction.Published> gaveUp(String key, Failure why) {
    return run(transaction -> processor.gaveUp(key, Optional.empty(), why, transaction));
  }

  private BuildProcessor newProcessor() {
    return newProcessor(gauges);
  }

  private BuildProcessor newProcessor(RecordedGauges shown) {
    var planning =
        new DockerfilePlanning(
            (name, _, _) -> {
              throw new IllegalStateException(name);
            },
            SAMPLE.contexts,
            Platform.of("linux", "amd64"));
    var plans = new PlanMaking(planning, bus, Journal.silent(), new Semaphore(1));
    return new BuildProcessor(plans, FlowSettings.DEFAULT, MEMORY, new ShareGauges(shown));
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
