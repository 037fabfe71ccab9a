package dev.birgus.planner.instruct;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.planner.instruct.Instruction.Command;
import dev.birgus.planner.instruct.Instruction.Copy;
import dev.birgus.planner.instruct.Instruction.Run;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerfileParserTest {

  private static final SourceLocation AT = new SourceLocation("Dockerfile", 7, 1, 8);

  @Test
  void aPlaceNamesTheFileAndSpansTheLinesOfTheInstruction() {
    var result = DockerfileParser.parse("sub/My.dockerfile", "FROM a\n  RUN b \\\n # c\n d\n\n");
    assertThat(result.instructions().getLast().source().at())
        .isEqualTo(new SourceLocation("sub/My.dockerfile", 2, 3, 4));
  }

  @Test
  void aTriggerIsReadAtThePlaceOfItsFrom() {
    // when
    var result = DockerfileParser.parseTrigger("COPY --chown=1 a /b", AT, '\\');

    // then
    assertThat(result.errors()).isEmpty();
    assertThat(result.instructions()).singleElement().isInstanceOf(Copy.class);
    assertThat(result.instructions().getFirst().source().at()).isEqualTo(AT);
    assertThat(result.instructions().getFirst().source().text()).isEqualTo("COPY --chown=1 a /b");
  }

  @Test
  void whatOnbuildKeepsWithItsHeredocsCanBeReadAsATrigger() {
    // given
    var text = "FROM a\nONBUILD RUN cat <<A 3<<-'B'\none\nA\n\ttwo\n\tB\n";
    var onBuild = (Instruction.OnBuild) DockerfileParser.parse("D", text).instructions().getLast();

    // when
    var result = DockerfileParser.parseTrigger(onBuild.trigger(), AT, '\\');

    // then
    assertThat(result.errors()).isEmpty();
    assertThat(result.instructions())
        .singleElement()
        .extracting(run -> ((Run) run).command())
        .isEqualTo(new Command.Shell("cat <<A 3<<-'B'\none\nA\n\ttwo\nB"));
  }

  @Test
  void aTriggerKeepsTheEscapeCharacterOfItsFile() {
    var result = DockerfileParser.parseTrigger("ENV a=C:\\x` y", AT, '`');
    assertThat(result.escape()).isEqualTo('`');
    assertThat(ReadableForm.of(result)).contains("ENV «a»=«C:\\x` y»");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# comment",
        "RUN a\nRUN b",
        "FROM a",
        "onbuild RUN a",
        "MAINTAINER a",
        "# escape=`"
      })
  void whatIsNotOneInstructionThatCanBeTriggeredIsRefused(String trigger) {
    var result = DockerfileParser.parseTrigger(trigger, AT, '\\');
    assertThat(result.errors()).extracting(Failure::name).containsExactly("invalid-trigger");
    assertThat(result.errors().getFirst().at()).contains(AT);
  }

  @Test
  void whatIsWrongInATriggerIsSaidAtItsPlace() {
    var result = DockerfileParser.parseTrigger("RUN <<EOF\nx", AT, '\\');
    assertThat(result.errors()).extracting(Failure::name).containsExactly("unterminated-heredoc");
    assertThat(result.errors().getFirst().at()).contains(AT);
  }

  @Test
  void moreThanAHundredErrorsAreNotCollected() {
    assertThat(DockerfileParser.parse("D", "FROM a\n" + "x\n".repeat(500)).errors()).hasSize(100);
    assertThat(DockerfileParser.parse("D", "#escape=`\n".repeat(500)).errors()).hasSize(100);
  }

  /** Each would take minutes if any step took more than time in proportion to the length. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "RUN x\n",
        "\\\n",
        "RUN a \\\n",
        "\n",
        "#\n",
        "x\n",
        "ENV a=b \\\n",
        "RUN --mount=a ",
        "RUN <<A ",
        "RUN cat <<A\n",
        "'",
        "\"",
        "[",
        "CMD [\"a\",",
        " ",
        "ONBUILD ",
        "COPY a b\n",
        "$",
        "${a:-",
        "--a",
        "\uFEFF",
        "a=",
        "# escape=\\\n",
        "\r",
        "HEALTHCHECK ",
        "$((",
        "<< ",
        "$((1)) ",
        "<<-",
        "<<"
      })
  void anyPieceCanBeRepeatedToAQuarterOfAMegabyte(String piece) {
    // given
    var pieces = piece.repeat((1 << 18) / piece.length());

    // when
    var alone = DockerfileParser.parse("D", pieces);
    var inRun = DockerfileParser.parse("D", "FROM a\nRUN x " + pieces);
    var inEnv = DockerfileParser.parse("D", "FROM a\nENV x=" + pieces);

    // then
    assertThat(alone.errors().size()).isLessThanOrEqualTo(100);
    assertThat(inRun.instructions()).isNotEmpty();
    assertThat(inEnv.instructions()).isNotEmpty();
  }
}
