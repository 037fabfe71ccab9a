package dev.birgus.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.node.Kept;
import dev.birgus.infra.node.NodeLeases;
import dev.birgus.infra.node.Pruner;
import dev.birgus.infra.node.Retention;
import dev.birgus.infra.node.Shelf;
import dev.birgus.infra.observe.Journal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TurningLeasesTest {

  private static final Duration REUSE = Duration.ofHours(1);
  private static final Duration LONGEST = Duration.ofHours(10);

  @TempDir private Path folder;

  private Instant now = Instant.parse("2026-11-23T10:00:00Z");
  private final OpenBuilds builds = new OpenBuilds(LONGEST, () -> now);
  private final Things things = new Things();
  private TurningLeases leases;

  @BeforeEach
  void open() throws IOException {
    leases =
        TurningLeases.open(
            folder,
            new TurningLeases.Terms(REUSE, LONGEST),
            builds::oldest,
            () -> now,
            Journal.silent());
  }

  @AfterEach
  void close() throws IOException {
    leases.close();
  }

  /** Things that are kept, of which names are all there is. */
  private static final class Things implements Shelf {
    private final List<String> names = new ArrayList<>();
    private int tidied;

    @Override
    public List<Kept> kept() {
      return names.stream().map(name -> new Kept("thing", name, 1, Instant.EPOCH, false)).toList();
    }

    @Override
    public Optional<Disposal> withdraw(Kept kept) {
      names.remove(kept.name());
      return Optional.of(() -> {});
    }

    @Override
    public void tidy() {
      tidied++;
    }
  }

  private void use(String name) throws IOException {
    leases.take(name);
    things.names.add(name);
  }

  private void later(Duration time) throws IOException {
    now = now.plus(time);
    prune(leases.current());
  }

  private void prune(NodeLeases by) throws IOException {
    var _ = new Pruner(by, List.of(things), Journal.silent()).pruneWhileWorking(Retention.upTo(0));
  }

  private void begin(String build) {
    builds.take(new Event.BuildCancelRequested(new BuildId(build), "this is no beginning"));
    builds.take(Events.requested(build));
  }

  private void end(String build) {
    builds.take(new Event.BuildFailed(new BuildId(build), Failure.of("f", "it failed", "")));
  }

  @Test
  void whatAnOpenBuildMayNeedIsHeldAndNotMuchLonger() throws IOException {
    // given
    begin("long");
    use("layer");

    // when
    for (var hours = 0; hours < 8; hours++) {
      later(REUSE);
      assertThat(things.names).contains("layer");
    }
    end("long");
    later(REUSE);
    later(REUSE);
    later(REUSE);

    // then
    assertThat(things.names).isEmpty();
  }

  @Test
  void aServerThatIsNeverIdleLetsGoWhatEndedBuildsUsed() throws IOException {
    // given
    var most = 0;

    // when
    for (var build = 0; build < 200; build++) {
      begin("b" + build);
      use("layer-" + build);
      if (build > 0) {
        end("b" + (build - 1));
      }
      later(Duration.ofMinutes(6));
      most = Math.max(most, things.names.size());
    }

    // then
    assertThat(most).isBetween(10, 30);
    assertThat(things.names).contains("layer-199");
  }

  @Test
  void whatWasTakenJustBeforeABuildIsHeardOfIsHeldForIt() throws IOException {
    // given
    later(REUSE.minusMinutes(1));
    use("context");
    later(Duration.ofMinutes(1));
    now = now.plus(Duration.ofMinutes(2));
    begin("late");

    // when
    for (var hours = 0; hours < 5; hours++) {
      later(REUSE);
    }

    // then
    assertThat(things.names).containsExactly("context");
  }

  @Test
  void aBuildThatIsNeverHeardOfAgainHoldsNothingForEver() throws IOException {
    // given
    begin("lost");
    use("layer");

    // when
    for (var hours = 0; hours < 22; hours++) {
      later(REUSE);
    }

    // then
    assertThat(things.names).isEmpty();
  }

  @Test
  void shelvesAreTidiedWhenNothingIsLeasedAndNotBefore() throws IOException {
    // given
    use("layer");

    // when
    later(Duration.ofMinutes(1));
    var busy = things.tidied;
    later(REUSE);
    later(REUSE);
    later(REUSE);

    // then
    assertThat(busy).isZero();
    assertThat(things.tidied).isPositive();
  }

  @Test
  void anotherProcessSeesAllThatIsHeld() throws IOException {
    // given
    use("first");
    later(REUSE);
    use("second");

    // when
    try (var other = NodeLeases.open(folder, () -> now, Journal.silent())) {
      prune(other);
    }

    // then
    assertThat(things.names).containsExactly("first", "second");
  }
}
