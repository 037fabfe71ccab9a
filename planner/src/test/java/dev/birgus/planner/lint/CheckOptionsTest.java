package dev.birgus.planner.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.birgus.infra.contracts.FailureException;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckOptionsTest {

  private static final Set<Rule> EXPERIMENTAL =
      EnumSet.of(Rule.COPY_IGNORED_FILE, Rule.INVALID_DEFINITION_DESCRIPTION);

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "error=true", "error=false", "skip="})
  void withoutASkipListAllRulesButExperimentalOnesAreLookedAt(String text) {
    assertThat(looksAt(text)).isEqualTo(EnumSet.complementOf(EnumSet.copyOf(EXPERIMENTAL)));
  }

  @Test
  void rulesAreSkippedByName() {
    assertThat(looksAt(" skip = UndefinedVar , FromAsCasing "))
        .doesNotContain(Rule.UNDEFINED_VAR, Rule.FROM_AS_CASING)
        .contains(Rule.STAGE_NAME_CASING);
    assertThat(looksAt("skip=all")).isEmpty();
  }

  @Test
  void experimentalRulesAreAskedFor() {
    assertThat(looksAt("experimental=CopyIgnoredFile")).contains(Rule.COPY_IGNORED_FILE);
    assertThat(looksAt("skip=all;experimental=all")).isEqualTo(EXPERIMENTAL);
    assertThat(looksAt("experimental=all;skip=CopyIgnoredFile"))
        .doesNotContain(Rule.COPY_IGNORED_FILE)
        .contains(Rule.INVALID_DEFINITION_DESCRIPTION);
  }

  @Test
  void findingsFailTheBuildIfThatIsSaid() {
    assertThat(CheckOptions.parse("skip=all;error=true").failsBuild()).isTrue();
    assertThat(CheckOptions.parse("error=0").failsBuild()).isFalse();
    assertThat(CheckOptions.DEFAULT.failsBuild()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"skip", "all", "error=yes", "skpi=all", "error=true;;", "=", "error=true,"})
  void whatIsNoOptionIsRefused(String text) {
    var refused = catchThrowableOfType(FailureException.class, () -> CheckOptions.parse(text));

    assertThat(refused.failure().name()).isEqualTo("invalid-check-option");
  }

  @Test
  void namesOfNoRuleAreTold() {
    assertThat(CheckOptions.parse("skip=UndefinedVars,undefinedvar,Nonsense").unknownNames())
        .containsExactlyInAnyOrder(
            "there is no check \"UndefinedVars\" (did you mean UndefinedVar?)",
            "there is no check \"undefinedvar\" (did you mean UndefinedVar?)",
            "there is no check \"Nonsense\"");
  }

  private static Set<Rule> looksAt(String text) {
    var options = CheckOptions.parse(text);
    return Stream.of(Rule.values()).filter(options::looksAt).collect(Collectors.toSet());
  }
}
