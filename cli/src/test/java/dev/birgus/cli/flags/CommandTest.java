package dev.birgus.cli.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.birgus.infra.contracts.FailureException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandTest {

  @ParameterizedTest
  @CsvSource({
    "--no-push,BUILD",
    "build --no-push,BUILD",
    "--no-push build,BUILD",
    "version,VERSION",
    "check,CHECK",
    "/kaniko/executor check,CHECK",
    "build --check,BUILD",
    "help,HELP",
    "help build,HELP",
    "login registry.test,LOGIN",
    "/kaniko/executor push image.tar,PUSH",
    "push,PUSH",
    "--help,HELP",
    "-h,HELP",
    "build -h,HELP",
  })
  void theFirstWordIsTheCommandAndNoneIsBuild(String words, Command expected) {
    assertThat(command(words)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/kaniko/executor --no-push",
        "executor --no-push",
        "birgus --no-push",
        "/other/place/executor --no-push",
        "/usr/bin/image-builder --no-push",
        "image-builder --no-push",
        "--no-push /kaniko/executor",
        "executor build --no-push",
      })
  void theProgramsOwnNameMayComeFirst(String words) {
    assertThat(command(words)).isEqualTo(Command.BUILD);
  }

  @ParameterizedTest
  @ValueSource(strings = {"warm", "completion"})
  void commandsToComeAreRefusedByName(String word) {
    assertThat(refusal(word)).hasMessage("the command \"" + word + "\" is not supported yet");
  }

  @Test
  void anyOtherWordIsRefused() {
    assertThat(refusal("--no-push buidl")).hasMessage("unknown command \"buidl\" for \"executor\"");
  }

  @Test
  void aWordAfterTheCommandIsRefused() {
    assertThat(refusal("build --no-push ."))
        .hasMessage("\"build\" takes no arguments but flags, not \".\"");
    assertThat(refusal("push a.tar b.tar"))
        .hasMessage("\"push\" takes one argument and flags, not \"b.tar\"");
    assertThat(refusal("version extra"))
        .hasMessage("\"version\" takes no arguments but flags, not \"extra\"");
  }

  @Test
  void theProgramsOwnPathMayFollowTheCommand() {
    assertThat(command("build /kaniko/executor --no-push")).isEqualTo(Command.BUILD);
  }

  @Test
  void whoForgotTheEqualsSignIsToldSo() {
    assertThat(refusal("--no-push true").failure().advice()).contains("equals sign");
  }

  @Test
  void whoGivesAContextAsAWordIsToldTheFlag() {
    assertThat(refusal("build ./app").failure().advice()).contains("--context=./app");
  }

  @ParameterizedTest
  @CsvSource({
    "build,BUILD",
    "check,CHECK",
    "build --check,CHECK",
    "check --check,CHECK",
    "--check --format=json,CHECK",
    "build --dry-run,DRY_RUN",
    "--dryrun --format=text,DRY_RUN",
    "build --check=false --dry-run=false,BUILD",
  })
  void aBuildMayBeOnlyLookedAt(String words, Purpose expected) {
    assertThat(purpose(words)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "check --dry-run,conflicting-flags",
    "build --check --dry-run,conflicting-flags",
    "build --format=json,format-of-nothing",
  })
  void whatDoesNotGoTogetherIsRefused(String words, String name) {
    var refused = catchThrowableOfType(FailureException.class, () -> purpose(words));

    assertThat(refused.failure().name()).isEqualTo(name);
  }

  private static Purpose purpose(String words) {
    return Purpose.of(command(words), FlagParser.parse(List.of(words.split(" "))).flags());
  }

  private static Command command(String words) {
    return Command.of(FlagParser.parse(List.of(words.split(" "))), "/usr/bin/image-builder");
  }

  private static FailureException refusal(String words) {
    return catchThrowableOfType(FailureException.class, () -> command(words));
  }
}
