package dev.birgus.planner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.LayerCompression;
import dev.birgus.planner.service.TestBuild;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What SOURCE_DATE_EPOCH does. */
class SourceDateTest {

  private static final String FILE =
      "FROM scratch\nARG SOURCE_DATE_EPOCH\nRUN x $SOURCE_DATE_EPOCH\n";

  @Test
  void theBuildArgumentIsTheTimeOfEverythingNew() {
    var build = TestBuild.of(FILE).arg("SOURCE_DATE_EPOCH", "1000");

    assertThat(build.plan().timestamp()).contains(Instant.ofEpochSecond(1000));
    assertThat(build.text()).contains("RUN |1 SOURCE_DATE_EPOCH=1000").doesNotContain("!");
  }

  @Test
  void withoutItThereIsNone() {
    assertThat(TestBuild.of(FILE).plan().timestamp()).isEmpty();
    assertThat(TestBuild.of(FILE).arg("SOURCE_DATE_EPOCH", "").plan().timestamp()).isEmpty();
  }

  @Test
  void aGlobalArgumentIsTheTimeToo() {
    var file = "ARG SOURCE_DATE_EPOCH=7\nFROM scratch\n";

    assertThat(TestBuild.of(file).plan().timestamp()).contains(Instant.ofEpochSecond(7));
    assertThat(TestBuild.of(file).arg("SOURCE_DATE_EPOCH", "8").plan().timestamp())
        .contains(Instant.ofEpochSecond(8));
  }

  @Test
  void theTimeOfTheRequestGoesBeforeIt() {
    var options =
        new BuildOptions(Optional.of(Instant.EPOCH), LayerCompression.DEFAULT, false, Map.of());

    assertThat(TestBuild.of(FILE).arg("SOURCE_DATE_EPOCH", "9").options(options).plan().timestamp())
        .contains(Instant.EPOCH);
  }

  @Test
  void stagesOfAnotherTimeAreOthers() {
    var file = "ARG SOURCE_DATE_EPOCH=7\nFROM scratch\nRUN x\n";

    assertThat(TestBuild.of(file).arg("SOURCE_DATE_EPOCH", "8").plan().target())
        .isNotEqualTo(TestBuild.of(file).plan().target());
  }

  @Test
  void aTimeThatIsNoneIsRefused() {
    var failure = TestBuild.of(FILE).arg("SOURCE_DATE_EPOCH", "now").failure();

    assertThat(failure.name()).isEqualTo("invalid-source-date");
    assertThat(failure.message()).contains("SOURCE_DATE_EPOCH=\"now\"");
  }

  @Test
  void theTimeOfAContextThatHasNoneIsWarnedOf() {
    var build = TestBuild.of("FROM scratch\n").arg("SOURCE_DATE_EPOCH", "context");

    assertThat(build.plan().timestamp()).isEmpty();
    assertThat(build.text()).contains("! SOURCE_DATE_EPOCH=context has no effect");
  }
}
