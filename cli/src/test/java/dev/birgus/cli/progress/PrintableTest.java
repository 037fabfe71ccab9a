package dev.birgus.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PrintableTest {

  static List<List<String>> texts() {
    return List.of(
        List.of("", ""),
        List.of("plain", "plain"),
        List.of("\u001b[1;31mred\u001b[0m", "red"),
        List.of("\u001b]0;title\u0007after", "after"),
        List.of("\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\", "link"),
        List.of("\u001b(Bx\u001bcy\u001b", "xy"),
        List.of("\u001b[2", ""),
        List.of("10%\r20%\r100%", "100%"),
        List.of("end\r", "end"),
        List.of("\r", ""),
        List.of("a\tb\u0000\u0008\u007f\u009bc", "a bc"),
        List.of("\u202eevil\u2066", "evil"),
        List.of("héllo 漢", "héllo 漢"));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void controlCharactersAreTakenOut(List<String> text) {
    assertThat(Printable.of(text.getFirst())).isEqualTo(text.getLast());
  }

  @ParameterizedTest
  @CsvSource({"abcdef,6,abcdef", "abcdef,5,abcd…", "漢字漢,4,漢…", "abc,0,''", "'',0,''"})
  void textIsCutToItsColumns(String text, int columns, String expected) {
    assertThat(Printable.fit(text, columns)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0 B",
    "999,999 B",
    "1000,1.0 kB",
    "999949,999.9 kB",
    "999950,1.0 MB",
    "12345678,12.3 MB"
  })
  void sizesAreInDecimalUnits(long bytes, String expected) {
    assertThat(Amounts.size(bytes)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0.0s",
    "49,0.0s",
    "50,0.1s",
    "59949,59.9s",
    "59950,1m00s",
    "125000,2m05s",
    "3720000,1h02m"
  })
  void timesGetCoarserAsTheyGetLonger(long milliseconds, String expected) {
    assertThat(Amounts.time(Duration.ofMillis(milliseconds))).isEqualTo(expected);
  }

  @Test
  void linesComeTogetherHoweverTheyAreCut() {
    // given
    var text = "one\r\ntwo\n\nprogress 1\rprogress 2\r\nlast";

    for (var cut = 0; cut <= text.length(); cut++) {
      // when
      var buffer = new LineBuffer();
      var lines = new ArrayList<>(buffer.add(text.substring(0, cut)));
      lines.addAll(buffer.add(text.substring(cut)));
      lines.addAll(buffer.rest());

      // then
      assertThat(lines).as("cut at " + cut).containsExactly("one", "two", "", "progress 2", "last");
    }
  }

  @Test
  void aLineWithoutEndDoesNotGrowForEver() {
    // given
    var buffer = new LineBuffer();
    var lines = new ArrayList<String>();

    // when
    for (var i = 0; i < 100; i++) {
      lines.addAll(buffer.add("x".repeat(1000)));
    }

    // then
    assertThat(lines).hasSizeGreaterThan(4);
  }
}
