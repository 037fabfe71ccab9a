package dev.birgus.cli.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlagParserTest {

  @ParameterizedTest
  @ValueSource(strings = {"--dockerfile x", "--dockerfile=x", "-f x", "-fx", "-f=x"})
  void aValueIsWrittenInFiveWays(String words) {
    assertThat(parse(words).flags().text("dockerfile")).isEqualTo("x");
  }

  @Test
  void aBooleanTakesNoValueFromTheNextWord() {
    // when
    var line = parse("--no-push true");

    // then
    assertThat(line.flags().on("no-push")).isTrue();
    assertThat(line.positionals()).containsExactly("true");
  }

  @ParameterizedTest
  @CsvSource({"true,true", "T,true", "1,true", "false,false", "F,false", "0,false"})
  void aBooleanIsWrittenAsInGo(String value, boolean expected) {
    assertThat(parse("--no-push=" + value).flags().on("no-push")).isEqualTo(expected);
  }

  @Test
  void repeatableFlagsAppendAndCommasAreKept() {
    assertThat(parse("-d a:1,b:2 --destination=c:3").flags().list("destination"))
        .containsExactly("a:1,b:2", "c:3");
  }

  @Test
  void ofOtherFlagsTheLastOneCounts() {
    assertThat(parse("--target=a --target=b").flags().text("target")).isEqualTo("b");
  }

  @Test
  void nothingAfterTwoDashesIsAFlag() {
    // when
    var line = parse("--no-push -- --target=a -f");

    // then
    assertThat(line.positionals()).containsExactly("--target=a", "-f");
    assertThat(line.flags().isGiven("target")).isFalse();
  }

  @Test
  void aLoneDashIsNoFlag() {
    assertThat(parse("-").positionals()).containsExactly("-");
  }

  @Test
  void aValueMayBeginWithADash() {
    assertThat(parse("--compression-level -1 --target -x").flags().text("target")).isEqualTo("-x");
  }

  @Test
  void anEmptyValueIsAValue() {
    assertThat(parse("--target=").flags().nonEmpty("target")).isEmpty();
    assertThat(parse("--target=").flags().isGiven("target")).isTrue();
  }

  @Test
  void aDeprecatedSpellingWarnsAndWins() {
    // when
    var flags = parse("--snapshotMode=redo --snapshot-mode=time").flags();

    // then
    assertThat(flags.text("snapshot-mode")).isEqualTo("redo");
    assertThat(flags.notices())
        .containsExactly("Flag --snapshotMode is deprecated. Use: --snapshot-mode");
  }

  @Test
  void theOldNameOfIgnoreVarRunWarnsAsKanikoDoes() {
    assertThat(parse("--whitelist-var-run=false").flags().notices())
        .containsExactly(
            "Flag --whitelist-var-run has been deprecated,"
                + " Please use ignore-var-run instead.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--nopush | unknown flag: --nopush | Did you mean --no-push?",
        "--dockerfil=x | unknown flag: --dockerfil | Did you mean --dockerfile?",
        "--xyzzy | unknown flag: --xyzzy | ''",
        "-x | unknown shorthand flag: 'x' in -x | ''",
        "-no-push | unknown shorthand flag: 'n' in -no-push | Long names begin with two dashes:"
            + " --no-push",
        "--dockerfile | flag needs an argument: --dockerfile | ''",
        "-f | flag needs an argument: 'f' in -f | ''",
        "---f | bad flag syntax: ---f | ''",
        "--=x | bad flag syntax: --=x | ''",
        "--no-push=maybe | invalid argument \"maybe\" for \"--no-push\" flag: write true or false"
            + " | ''",
        "--push-retry=x | invalid argument \"x\" for \"--push-retry\" flag: write a whole number"
            + " | ''",
        "--cache-ttl=5 | invalid argument \"5\" for \"--cache-ttl\" flag: write a number with a"
            + " unit, such as 336h | ''",
        "--snapshot-mode=fast | invalid argument \"fast\" for \"--snapshot-mode\" flag: write one"
            + " of full, redo, time | ''",
        "-v=loud | invalid argument \"loud\" for \"-v, --verbosity\" flag: write one of trace,"
            + " debug, info, warn, warning, error, fatal, panic | ''",
        "--annotation=x | invalid argument \"x\" for \"--annotation\" flag: write key=value | ''",
      })
  void mistakesAreNamed(String words, String message, String advice) {
    // when
    var failure = failureOf(words);

    // then
    assertThat(failure.message()).isEqualTo(message);
    assertThat(failure.advice()).isEqualTo(advice);
    assertThat(failure.exitCode()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--cache=true",
        "--cache",
        "--cache-repo=r/c",
        "--git=branch=x",
        "--bucket=b",
      })
  void whatCannotBeDoneYetIsRefusedByName(String words) {
    // given
    var flags = parse(words).flags();

    // when
    var thrown = catchThrowableOfType(FailureException.class, flags::refuseUnsupported);

    // then
    assertThat(thrown.failure().name()).isEqualTo("not-supported-yet");
    assertThat(thrown).hasMessageStartingWith("--").hasMessageEndingWith(" is not supported yet");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--cache=false", "--compression=gzip", "--cache-dir=/x"})
  void aDefaultIsNeverRefused(String words) {
    parse(words).flags().refuseUnsupported();
  }

  @ParameterizedTest
  @CsvSource({"336h,PT336H", "1h30m,PT1H30M", "1.5s,PT1.5S", "0,PT0S", "10ms,PT0.01S"})
  void durationsAreWrittenAsInGo(String text, Duration expected) {
    assertThat(FlagValues.parseDuration(text)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "h", "5", "5d", "1h5", "1..5s"})
  void otherDurationsAreNone(String text) {
    assertThat(FlagValues.parseDuration(text)).isEmpty();
  }

  private static ParsedLine parse(String words) {
    return FlagParser.parse(List.of(words.split(" ")));
  }

  private static Failure failureOf(String words) {
    return catchThrowableOfType(FailureException.class, () -> parse(words)).failure();
  }
}
