package dev.birgus.cli.flags;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KanikoParityTest {

  /** A line of the list of kaniko's flags. */
  record Known(
      String owner, String name, String letter, String type, String value, String former) {}

  @ParameterizedTest
  @MethodSource("known")
  void everyFlagOfKanikoIsInTheTableWithItsLetterTypeAndDefault(Known known) {
    // when
    var flag = FlagTable.find(known.name()).orElseThrow();

    // then
    assertThat(flag.shorthand().map(String::valueOf).orElse("-")).isEqualTo(known.letter());
    assertThat(typesOf(known.type())).contains(flag.type());
    assertThat(flag.defaultValue()).isEqualTo(known.value());
    assertThat(
            flag.spellings().stream()
                .filter(Flag.Spelling::deprecated)
                .map(Flag.Spelling::name)
                .collect(Collectors.joining()))
        .isEqualTo(known.former().equals("-") ? "" : known.former());
  }

  @Test
  void aFlagTheTableCallsKanikosIsKanikos() {
    // given
    var names =
        known()
            .filter(flag -> flag.owner().equals("kaniko"))
            .map(Known::name)
            .collect(Collectors.toCollection(HashSet::new));

    // then
    assertThat(FlagTable.all())
        .filteredOn(flag -> flag.origin() == Origin.KANIKO)
        .allSatisfy(flag -> assertThat(names).contains(flag.name()));
  }

  @ParameterizedTest
  @MethodSource("known")
  void theDefaultOfEveryFlagIsTaken(Known known) {
    // given
    var value = known.type().equals("kv") ? List.<String>of() : List.of(known.value());

    // when
    var line =
        FlagParser.parse(value.stream().map(text -> "--" + known.name() + "=" + text).toList());

    // then
    line.flags().refuseUnsupported();
    assertThat(line.positionals()).isEmpty();
  }

  private static List<FlagType> typesOf(String letter) {
    return switch (letter) {
      case "b" -> List.of(FlagType.BOOLEAN);
      case "s" -> List.of(FlagType.TEXT, FlagType.CHOICE);
      case "i" -> List.of(FlagType.INTEGER);
      case "d" -> List.of(FlagType.DURATION);
      case "m" -> List.of(FlagType.LIST);
      case "kv" -> List.of(FlagType.PAIRS);
      default -> throw new IllegalArgumentException(letter);
    };
  }

  static Stream<Known> known() {
    try (var list = KanikoParityTest.class.getResourceAsStream("kaniko-flags.tsv")) {
      assertThat(list).isNotNull();
      return new String(list.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split("\t", -1))
          .map(cells -> new Known(cells[0], cells[1], cells[2], cells[3], cells[4], cells[5]));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
