package dev.birgus.planner.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.bus.TableTransaction;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Scheduling;
import dev.birgus.infra.contracts.Stage;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.planner.flow.DeskEntry;
import dev.birgus.planner.flow.DeskSettings;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What is shown of pools, by whom. */
class DeskProcessorTest {

  private static final BuildId BUILD = new BuildId("b");
  private static final Stage STAGE =
      TestBuild.of("FROM scratch\nRUN x\n").plan().stages().getFirst();

  private final Map<String, DeskEntry> table = new HashMap<>();
  private final RecordedGauges gauges = new RecordedGauges();
  private final ShareGauges shares = new ShareGauges(gauges);
  private DeskProcessor processor = new DeskProcessor(DeskSettings.DEFAULT, shares);
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void aPoolWithoutNodesShowsWhatWaitsForIt() {
    handle("arm", wanted("arm"));
    tick();
    assertThat(gauges.text())
        .containsExactly("BUILDS_OPEN[] 0", "POOL_SLOTS[arm] 0", "STAGES_WAITING[arm] 1");

    handle("arm", node("arm", 3, Map.of(STAGE.id(), 1)));
    tick();
    assertThat(gauges.text()).contains("POOL_SLOTS[arm] 3", "STAGES_WAITING[arm] 0");
  }

  @Test
  void aStageOnTheQueueWaitsWhenItsNodesAreGone() {
    handle("arm", node("arm", 1, Map.of()));
    handle("arm", wanted("arm"));
    tick();
    assertThat(gauges.text()).contains("POOL_SLOTS[arm] 1", "STAGES_WAITING[arm] 1");

    now = now.plusSeconds(16);
    tick();
    assertThat(gauges.text()).contains("POOL_SLOTS[arm] 0", "STAGES_WAITING[arm] 1");
  }

  @Test
  void aPoolIsShownByWhoHasItAndWhileSomethingIsKnownOfIt() {
    handle("arm", wanted("arm"));
    tick();
    var before = processor;
    processor = new DeskProcessor(DeskSettings.DEFAULT, shares);
    before.givenUp();
    assertThat(gauges.text()).containsExactly("BUILDS_OPEN[] 0");

    run(processor::taken);
    tick();
    assertThat(gauges.text()).contains("STAGES_WAITING[arm] 1");

    handle("arm", new Event.StageUnwanted(BUILD, STAGE.id(), "why"));
    tick();
    assertThat(gauges.text()).contains("STAGES_WAITING[arm] 0");
    tick();
    assertThat(gauges.text()).containsExactly("BUILDS_OPEN[] 0");
  }

  private static Event wanted(String pool) {
    var scheduling = new Scheduling("", 0, Optional.empty(), Optional.empty(), pool, true);
    return new Event.StageWanted(BUILD, STAGE, Map.of(), BuildOptions.DEFAULT, scheduling);
  }

  private static Event node(String pool, int slots, Map<StageId, Integer> running) {
    return new Event.NodeReported("n", pool, slots, running);
  }

  private void handle(String pool, Event event) {
    run(transaction -> processor.handle(pool, event, transaction));
  }

  private void tick() {
    run(processor::tick);
  }

  private void run(Consumer<TableTransaction<DeskEntry>> work) {
    var transaction = new TableTransaction<>(now, table);
    work.accept(transaction);
    transaction.effects().forEach(Runnable::run);
  }
}
