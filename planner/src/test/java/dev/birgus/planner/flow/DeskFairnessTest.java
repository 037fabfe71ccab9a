package dev.birgus.planner.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tenants who always have something to run get the same, however much the others have. */
class DeskFairnessTest extends DeskScenario {

  private static final int TENANTS = 3;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void tenantsGetTheSameHoweverManyStagesTheyHave(long seed) {
    // given tenants of whom each has many more stages than the one before
    var random = new Random(seed);
    var slots = 1 + random.nextInt(4);
    var number = 0;
    for (var tenant = TENANTS; tenant > 0; tenant--) {
      for (var stage = 0; stage < 12 * tenant * tenant; stage++) {
        send(wanted(build(tenant), numbered(number++), scheduling("t" + tenant, 0)));
        now = now.plusMillis(random.nextInt(100));
      }
    }

    // when stages end in some order
    var running = new ArrayList<>(jobs(send(node("n", slots))));
    var served = new HashMap<String, Integer>();
    running.forEach(job -> served.merge(job.subject(), 1, Integer::sum));
    while (served.values().stream().mapToInt(Integer::intValue).sum() < 12 * TENANTS) {
      var done = (Event.StageReady) running.remove(random.nextInt(running.size()));
      var next = jobs(send(finished(done.build(), done.stage(), 1)));
      next.forEach(job -> served.merge(job.subject(), 1, Integer::sum));
      running.addAll(next);

      // then nobody is ever behind by more than what runs at once
      assertThat(spread(served)).isLessThanOrEqualTo(slots + 2);
      assertThat(running).hasSize(slots + Math.max(1, slots / 4));
    }
  }

  private static int spread(Map<String, Integer> served) {
    var most = served.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
    var least = Integer.MAX_VALUE;
    for (var tenant = 1; tenant <= TENANTS; tenant++) {
      least = Math.min(least, served.getOrDefault(build(tenant).value(), 0));
    }
    return most - least;
  }

  private static BuildId build(int tenant) {
    return new BuildId("b" + tenant);
  }
}
