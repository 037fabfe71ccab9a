package dev.birgus.cli.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.executor.run.Rung;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.StepLimits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepFlagsTest {

  private static BuildCommand.Steps read(Map<String, String> environment, String... words) {
    return new StepFlags(FlagParser.parse(List.of(words)).flags(), environment).read();
  }

  @Test
  void nothingSaidIsTheHighestRungAndNoLimits() {
    assertThat(read(Map.of())).isEqualTo(new BuildCommand.Steps(Optional.empty(), StepLimits.NONE));
    assertThat(read(Map.of(), "--isolation=auto", "--step-pids=0", "--step-timeout=0"))
        .isEqualTo(new BuildCommand.Steps(Optional.empty(), StepLimits.NONE));
  }

  @Test
  void flagsSayHowCommandsAreRun() {
    var steps =
        read(
            Map.of(),
            "--isolation=chroot-notify",
            "--step-memory=1GiB",
            "--step-pids=500",
            "--step-timeout=1h30m");

    assertThat(steps.isolation()).contains(Rung.CHROOT_NOTIFY);
    assertThat(steps.limits())
        .isEqualTo(
            new StepLimits(
                OptionalLong.of(1L << 30),
                OptionalLong.of(500),
                Optional.of(Duration.ofMinutes(90))));
  }

  @Test
  void variablesSayItTooAndFlagsWin() {
    var variables = Map.of("BIRGUS_ISOLATION", "userns", "BIRGUS_STEP_TIMEOUT", "5m");

    assertThat(read(variables).isolation()).contains(Rung.USERNS);
    assertThat(read(variables).limits().time()).contains(Duration.ofMinutes(5));
    assertThat(read(variables, "--isolation=ns").isolation()).contains(Rung.NS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BIRGUS_ISOLATION=container",
        "BIRGUS_STEP_MEMORY=lots",
        "BIRGUS_STEP_MEMORY=1kB",
        "BIRGUS_STEP_PIDS=-1",
        "BIRGUS_STEP_TIMEOUT=soon"
      })
  void whatIsNoValueIsRefusedByTheNameOfTheVariable(String setting) {
    var name = setting.substring(0, setting.indexOf('='));
    var variables = Map.of(name, setting.substring(name.length() + 1));

    assertThatThrownBy(() -> read(variables))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining(name)
        .hasMessageContaining(variables.get(name));
  }
}
